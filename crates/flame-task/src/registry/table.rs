use std::any::TypeId;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::LazyLock;

use crate::registry::{Conflict, Entry, NAMED, exact, section};

/// The table of this binary, made when it is first needed.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let thunks = section::thunks().iter().chain(NAMED.iter());
    Table::new(thunks.map(|describe| describe()))
});

/// Tasks by identity.
#[derive(Default)]
pub(super) struct Table {
    by_exact: HashMap<u64, &'static Entry>,
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
