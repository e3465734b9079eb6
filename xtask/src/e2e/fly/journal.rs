use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use serde_json::Value;

/// The label of a boot in a machine's metadata.
const BOOT: &str = "flame_boot";
/// The state after which a machine is no more.
const DESTROYED: &str = "destroyed";

/// What the emulator has written down, in its order.
pub(super) struct Journal {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    /// A request that was answered.
    Exchange(Exchange),
    /// A new state of a machine.
    Machine(Vm),
}

/// A request that was answered.
#[derive(Debug, Deserialize)]
pub(super) struct Exchange {
    pub(super) method: String,
    pub(super) path: String,
    machine: Option<String>,
    pub(super) body: Option<Value>,
    pub(super) status: Option<u16>,
    violations: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Vm {
    id: String,
    state: String,
    metadata: BTreeMap<String, String>,
}

impl Exchange {
    fn tells_to_go(&self, id: &str) -> bool {
        self.method == "DELETE" && self.machine.as_deref() == Some(id)
    }
}

impl Journal {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        Self::of(&fs::read_to_string(path)?)
    }

    fn of(text: &str) -> anyhow::Result<Self> {
        // A line that is being written has no end yet.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let entries = whole.lines().map(serde_json::from_str);
        Ok(Self {
            entries: entries
                .collect::<Result<_, _>>()
                .context("the emulator's journal")?,
        })
    }

    /// The requests of this method whose paths end in this.
    pub(super) fn requests<'a>(
        &'a self,
        method: &'a str,
        end: &'a str,
    ) -> impl Iterator<Item = &'a Exchange> {
        self.exchanges()
            .filter(move |request| request.method == method && request.path.ends_with(end))
    }

    fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Exchange(exchange) => Some(exchange),
            Entry::Machine(_) => None,
        })
    }

    fn machines(&self) -> impl Iterator<Item = &Vm> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Machine(machine) => Some(machine),
            Entry::Exchange(_) => None,
        })
    }

    /// The machines that there ever were, the oldest first.
    pub(super) fn ids(&self) -> Vec<&str> {
        let mut ids = Vec::new();
        for machine in self.machines() {
            if !ids.contains(&machine.id.as_str()) {
                ids.push(machine.id.as_str());
            }
        }
        ids
    }

    /// Whether this machine has been in this state.
    pub(super) fn has_been(&self, id: &str, state: &str) -> bool {
        self.machines()
            .any(|machine| machine.id == id && machine.state == state)
    }

    /// Whether this machine was told to go, whatever it does.
    pub(super) fn was_told_to_go(&self, id: &str) -> bool {
        self.exchanges().any(|request| request.tells_to_go(id))
    }

    /// How often somebody has asked for the list of machines from when this one was there until it was told to go.
    pub(super) fn sweeps_until_the_end_of(&self, id: &str) -> usize {
        let is_its_birth =
            |entry: &&Entry| matches!(entry, Entry::Machine(machine) if machine.id == id);
        let is_its_end = |entry: &&Entry| match entry {
            Entry::Exchange(exchange) => exchange.tells_to_go(id),
            Entry::Machine(_) => false,
        };
        let is_list = |entry: &&Entry| match entry {
            Entry::Exchange(exchange) => {
                exchange.method == "GET" && exchange.path.ends_with("/machines")
            }
            Entry::Machine(_) => false,
        };
        let from_its_birth = self.entries.iter().skip_while(|entry| !is_its_birth(entry));
        from_its_birth
            .take_while(|entry| !is_its_end(entry))
            .filter(is_list)
            .count()
    }

    /// Fails unless no boot ever had two machines at once, none is left, and nothing was asked for that the
    /// published schema does not know.
    pub(super) fn is_in_order(&self) -> anyhow::Result<()> {
        let mut of_boots = BTreeMap::<&str, &str>::new();
        for machine in self.machines() {
            let boot = machine.metadata.get(BOOT);
            let boot = boot.with_context(|| format!("whose is {machine:?}?"))?;
            if machine.state == DESTROYED {
                of_boots.remove(boot.as_str());
                continue;
            }
            let other = of_boots.insert(boot, &machine.id);
            ensure!(
                other.is_none_or(|other| other == machine.id),
                "the boot {boot} has two machines, {other:?} and {}",
                machine.id
            );
        }
        ensure!(of_boots.is_empty(), "machines are left: {of_boots:?}");
        for exchange in self.exchanges() {
            ensure!(
                exchange.violations.is_empty(),
                "not in the published schema: {exchange:?}"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn vm(id: &str, boot: &str, state: &str) -> String {
        let vm = json!({"id": id, "state": state, "metadata": {"flame_boot": boot}, "pid": 7});
        json!({ "machine": vm }).to_string() + "\n"
    }

    fn verdict(lines: &[String]) -> String {
        let verdict = Journal::of(&lines.concat()).unwrap().is_in_order();
        verdict.map_or_else(|error| error.to_string(), |()| String::from("fine"))
    }

    #[test]
    fn a_boot_may_have_one_after_the_other_and_no_two_at_once() {
        let first = [vm("a", "x", "created"), vm("a", "x", "destroyed")];
        let second = [vm("b", "x", "created"), vm("b", "x", "destroyed")];
        assert_eq!(verdict(&[first.concat(), second.concat()]), "fine");
        let both = [vm("a", "x", "created"), vm("b", "x", "created")];
        assert!(verdict(&both).starts_with("the boot x has two machines"));
        assert_eq!(
            verdict(&[first[0].clone()]),
            r#"machines are left: {"x": "a"}"#
        );
    }

    #[test]
    fn what_the_schema_does_not_know_is_found_and_a_line_without_an_end_is_left_for_later() {
        let exchange = json!({"exchange": {
            "method": "POST", "path": "/v1/apps/a/machines", "machine": null, "body": {"novelty": 1},
            "status": 200, "violations": ["unknown: novelty"]
        }});
        let half = vm("a", "x", "created")[..20].to_owned();
        assert_eq!(verdict(&[half]), "fine");
        assert!(verdict(&[exchange.to_string() + "\n"]).contains("unknown: novelty"));
    }
}
