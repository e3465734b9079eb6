use std::fmt;
use std::time::Duration;

use flame_core::backend::{ExitKind, ExitReport};

use super::ended::Ended;

/// A runner that went away with a call on it, and what is known of its end.
#[derive(Clone, Debug)]
pub struct RunnerLost {
    /// The runner, as logs name it.
    pub runner: String,
    /// The task.
    pub task: &'static str,
    /// Why.
    pub reason: LossReason,
}

/// Why a runner is taken for lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossReason {
    /// Its process ended.
    Exited(ExitReport),
    /// Its session ended, and nobody knows why.
    SessionClosed,
    /// It was silent for the peer-loss bound.
    Silent {
        /// The bound.
        after: Duration,
    },
    /// It sent what makes no sense.
    Protocol(String),
    /// It was ended because work on it did not stop when told to.
    Poisoned,
}

impl LossReason {
    /// How the process ended, if it is known.
    pub fn exit(&self) -> Option<ExitKind> {
        match self {
            Self::Exited(report) => Some(report.how),
            Self::SessionClosed | Self::Silent { .. } | Self::Protocol(_) | Self::Poisoned => None,
        }
    }
}

impl fmt::Display for RunnerLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} was lost while it may have been running {}: {}",
            self.runner, self.task, self.reason
        )
    }
}

impl fmt::Display for LossReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(report) => write!(f, "its process {}", Ended(report)),
            Self::SessionClosed => f.write_str("its session was closed"),
            Self::Silent { after } => write!(f, "it was silent for {after:?}"),
            Self::Protocol(message) => f.write_str(message),
            Self::Poisoned => f.write_str("it was ended because work on it did not stop"),
        }
    }
}
