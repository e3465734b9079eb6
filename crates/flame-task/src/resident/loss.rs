use std::fmt;

/// How a value that was left on a runner was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResidentLoss {
    /// Its runner went: it crashed, was killed or ended.
    RunnerLost {
        /// The runner's name.
        runner: String,
        /// What is known of the runner's end.
        reason: String,
    },
    /// Its pool was shut down.
    PoolShutdown,
    /// Its pool was killed.
    PoolKilled,
    /// Its last handle was dropped.
    Released,
}

impl fmt::Display for ResidentLoss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RunnerLost { runner, reason } => write!(f, "{runner} is gone: {reason}"),
            Self::PoolShutdown => f.write_str("its pool was shut down"),
            Self::PoolKilled => f.write_str("its pool was killed"),
            Self::Released => f.write_str("its last handle was dropped"),
        }
    }
}
