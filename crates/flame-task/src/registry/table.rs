use std::any::TypeId;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::registry::{Conflict, Entry, NAMED, exact, section};

/// The table of this binary, made when it is first needed.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let thunks = section::thunks().iter().chain(NAMED.iter());
    Table::new(thunks.map(|describe| describe()))
});

/// Tasks by identity.
#[derive(Default)]
pub(super) struct Table {
    /// The keys are hashes already, and nobody else chooses them.
    by_exact: FxHashMap<u64, &'static Entry>,
    by_path: HashMap<&'static str, &'static Entry>,
    conflicts: Vec<Conflict>,
}

/// Why a caller of another build cannot have its task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownTask {
    /// No function of this build has the name.
    #[error("no such task in this build")]
    NoSuchPath,
    /// It takes or returns other types here.
    #[error("its signature differs here: {here}")]
    OtherSignature {
        /// The signature in this build.
        here: String,
    },
    /// The name does not say which function is meant.
    #[error(transparent)]
    Ambiguous(Conflict),
}

impl Table {
    fn new(entries: impl Iterator<Item = Entry>) -> Self {
        let mut table = Self::default();
        for entry in entries {
            // The table lives as long as the process, and so do its entries.
            table.add(Box::leak(Box::new(entry)));
        }
        table
    }

    fn add(&mut self, entry: &'static Entry) {
        match self.by_exact.entry(entry.exact) {
            Slot::Vacant(slot) => slot.insert(entry),
            // The compiler may have copied the code that registers: the same type, the same entry.
            Slot::Occupied(slot) if slot.get().type_id == entry.type_id => return,
            Slot::Occupied(slot) => {
                let at = [slot.get().at, entry.at];
                self.conflicts.push(Conflict::SameHash { at });
                return;
            }
        };
        let Some(named) = entry.named else { return };
        if let Some(other) = self.by_path.insert(named.path, entry) {
            self.conflicts.push(Conflict::SamePath {
                path: named.path,
                at: [other.at, entry.at],
            });
        }
    }

    pub(super) fn find(&self, exact: u64) -> Option<&'static Entry> {
        self.by_exact.get(&exact).copied()
    }

    /// The entry that was made from this type.
    pub(super) fn of(&self, type_id: TypeId) -> Option<&'static Entry> {
        self.find(exact(type_id))
            .filter(|entry| entry.type_id == type_id)
    }

    pub(super) fn find_named(
        &self,
        path: &str,
        fingerprint: u64,
    ) -> Result<&'static Entry, UnknownTask> {
        let ambiguous = self.conflicts.iter().find(|conflict| match conflict {
            Conflict::SamePath { path: both, .. } => *both == path,
            Conflict::SameHash { .. } => false,
        });
        if let Some(conflict) = ambiguous {
            return Err(UnknownTask::Ambiguous(conflict.clone()));
        }
        let entry = *self.by_path.get(path).ok_or(UnknownTask::NoSuchPath)?;
        match entry.named {
            Some(named) if named.fingerprint == fingerprint => Ok(entry),
            Some(_) | None => Err(UnknownTask::OtherSignature {
                here: entry.signature.clone(),
            }),
        }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        let mut entries: Vec<_> = self.by_exact.values().copied().collect();
        entries.sort_by_key(|entry| (entry.name, entry.at, entry.exact));
        entries.into_iter()
    }

    pub(super) fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop at once")]
mod tests {
    use std::any::TypeId;

    use super::{Conflict, Table, UnknownTask};
    use crate::registry::{Entry, Kind, StartError};
    use crate::task::NamedTask;

    fn entry<T: 'static>(exact: u64, path: &'static str, at: &'static str) -> Entry {
        Entry {
            exact,
            type_id: TypeId::of::<T>(),
            named: Some(NamedTask {
                path,
                fingerprint: 1,
            }),
            name: path,
            at,
            signature: "() -> ()".to_owned(),
            kind: Kind::Blocking,
            needs: Vec::new(),
            start: Box::new(|_, _| Err(StartError::DecodeArgs(String::new()))),
        }
    }

    #[test]
    fn an_entry_that_the_compiler_copied_is_one_entry() {
        let twice = [
            entry::<u8>(1, "a::f", "x:1:1"),
            entry::<u8>(1, "a::f", "x:1:1"),
        ];
        let table = Table::new(twice.into_iter());
        assert_eq!(table.entries().count(), 1);
        assert_eq!(table.conflicts(), []);
    }

    #[test]
    fn two_functions_of_one_name_are_told_apart_only_inside_one_build() {
        let two = [
            entry::<u8>(1, "a::f", "x:1:1"),
            entry::<u16>(2, "a::f", "y:2:2"),
        ];
        let table = Table::new(two.into_iter());
        assert_eq!(table.find(1).unwrap().at(), "x:1:1");
        assert_eq!(table.find(2).unwrap().at(), "y:2:2");
        let error = table.find_named("a::f", 1).unwrap_err();
        let conflict = table.conflicts()[0].clone();
        assert_eq!(error, UnknownTask::Ambiguous(conflict));
        for word in ["`a::f`", "x:1:1", "y:2:2", "both lib.rs and main.rs"] {
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn a_hash_that_collides_is_never_taken_for_the_other_type() {
        let two = [
            entry::<u8>(1, "a::f", "x:1:1"),
            entry::<u16>(1, "a::g", "y:2:2"),
        ];
        let table = Table::new(two.into_iter());
        assert!(table.of(TypeId::of::<u16>()).is_none());
        let at = ["x:1:1", "y:2:2"];
        assert_eq!(table.conflicts(), [Conflict::SameHash { at }]);
    }
}
