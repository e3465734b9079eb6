use std::collections::{BTreeMap, BTreeSet};

use works::Work;

use crate::number::Number;
use crate::stat::Stat;

/// What everybody has told, round after round.
#[derive(Debug, Default)]
pub(crate) struct Results {
    values: BTreeMap<(String, &'static str), Vec<f64>>,
    failures: BTreeSet<String>,
}

impl Results {
    pub(crate) fn add(&mut self, contestant: &'static str, numbers: Vec<Number>) {
        for Number { key, value } in numbers {
            self.values
                .entry((key, contestant))
                .or_default()
                .push(value);
        }
    }

    pub(crate) fn failed(&mut self, contestant: &str, work: Work, error: &anyhow::Error) {
        self.failures
            .insert(format!("{contestant}, {work:?}: {error:#}"));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether this one has told anything.
    pub(crate) fn has(&self, contestant: &'static str) -> bool {
        self.values.keys().any(|(_, name)| *name == contestant)
    }

    /// Who failed at what.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &str> {
        self.failures.iter().map(String::as_str)
    }

    /// The same number of every round, in order.
    pub(crate) fn rounds(&self, contestant: &'static str, key: &str) -> Option<&[f64]> {
        let values = self.values.get(&(key.to_owned(), contestant))?;
        Some(values)
    }

    pub(crate) fn stat(&self, contestant: &'static str, key: &str) -> Option<Stat> {
        Stat::of(self.rounds(contestant, key)?)
    }

    pub(crate) fn median(&self, contestant: &'static str, key: &str) -> Option<f64> {
        self.stat(contestant, key).map(|stat| stat.median)
    }
}
