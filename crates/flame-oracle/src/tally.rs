use std::collections::BTreeMap;
use std::fmt;

use crate::Entry;

/// How often what was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls that were submitted.
    pub called: usize,
    /// Times that a task began.
    pub started: usize,
    /// Times that a task came to its end.
    pub ended: usize,
    /// Times that a process was endangered.
    pub endangered: usize,
    /// Outcomes by the [word](crate::Told::word) for them.
    pub told: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// How many callers were told this.
    pub fn told(&self, word: &str) -> usize {
        self.told.get(word).copied().unwrap_or_default()
    }

    pub(crate) fn count(&mut self, entry: &Entry) {
        match entry {
            Entry::Called { .. } => self.called += 1,
            Entry::Started { .. } => self.started += 1,
            Entry::Ended { .. } => self.ended += 1,
            Entry::Outcome { told, .. } => *self.told.entry(told.word()).or_default() += 1,
            Entry::Endangered { .. } => self.endangered += 1,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            called,
            started,
            ended,
            endangered,
            told,
        } = self;
        write!(f, "{called} calls, {started} began, {ended} ended; told:")?;
        for (word, count) in told {
            write!(f, " {count} {word},")?;
        }
        write!(f, " while runners were endangered {endangered} times")
    }
}
