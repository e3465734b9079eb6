use std::fmt;

use super::stage::Stage;

/// One thing that must be so.
pub(super) struct Check {
    /// What must be so, as a sentence.
    pub(super) name: &'static str,
    /// Finds out; an error says what was seen instead.
    pub(super) look: fn(&Stage) -> anyhow::Result<Outcome>,
}

/// What a check found.
pub(super) enum Outcome {
    /// It is so. The text is what a reader may like to know besides.
    Passed(String),
    /// It cannot be found out here.
    Skipped(String),
    /// It is not so.
    Failed(anyhow::Error),
}

impl Check {
    /// Finds out.
    pub(super) fn run(&self, stage: &Stage) -> Outcome {
        (self.look)(stage).unwrap_or_else(Outcome::Failed)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed(note) if note.is_empty() => f.write_str("passed"),
            Self::Passed(note) => write!(f, "passed ({note})"),
            Self::Skipped(why) => write!(f, "SKIPPED: {why}"),
            Self::Failed(why) => write!(f, "FAILED: {why:#}"),
        }
    }
}
