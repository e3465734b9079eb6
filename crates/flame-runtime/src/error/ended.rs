use std::fmt;

use flame_core::backend::{ExitKind, ExitReport};

/// How a process ended, as what a sentence says of it: "ended with exit code 3; last lines: …".
pub(super) struct Ended<'a>(pub(super) &'a ExitReport);

impl fmt::Display for Ended<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is added to the ways of ending reads like most of them.
        #[expect(clippy::wildcard_enum_match_arm, reason = "the enum may grow")]
        match self.0.how {
            ExitKind::OutOfMemory => f.write_str("ran out of memory and was killed")?,
            ExitKind::NeverStarted => f.write_str("was never started by its provider")?,
            _ => write!(f, "ended with {}", self.0.how)?,
        }
        if !self.0.stderr_tail.is_empty() {
            write!(f, "; last lines: {}", self.0.stderr_tail.join(" | "))?;
        }
        Ok(())
    }
}
