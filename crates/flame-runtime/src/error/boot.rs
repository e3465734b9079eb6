use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use flame_core::backend::{BootError, ExitKind, ExitReport};

use super::ended::Ended;

/// Why a boot gave no runner.
#[derive(Clone, Debug)]
pub struct BootFailure {
    instance: String,
    cause: BootCause,
}

/// What went wrong with a boot.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BootCause {
    /// The backend could not create an instance.
    Backend(Arc<BootError>),
    /// The process ended before it called back.
    Exited(ExitReport),
    /// The process did not call back within `boot_timeout`.
    TimedOut {
        /// `boot_timeout`.
        after: Duration,
    },
    /// The instance is a copy of another build of the app: the backend starts the wrong image.
    BuildMismatch {
        /// The parent's build id.
        ours: String,
        /// The runner's build id.
        theirs: String,
    },
    /// The instance speaks no version of the protocol that this parent speaks.
    VersionMismatch,
}

impl BootFailure {
    pub(crate) fn new(instance: impl Into<String>, cause: BootCause) -> Self {
        Self {
            instance: instance.into(),
            cause,
        }
    }

    /// The name of the instance that was to become a runner.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// What went wrong.
    pub fn cause(&self) -> &BootCause {
        &self.cause
    }

    /// Whether another boot may succeed. It is `false` when things must be changed first.
    pub fn is_transient(&self) -> bool {
        match &self.cause {
            BootCause::Backend(error) => error.is_transient(),
            // Whoever ends in good order without calling back does so every time.
            BootCause::Exited(report) => report.how != ExitKind::Code(0),
            BootCause::TimedOut { .. } => true,
            BootCause::BuildMismatch { .. } | BootCause::VersionMismatch => false,
        }
    }
}

impl fmt::Display for BootFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.instance)?;
        match &self.cause {
            BootCause::Backend(error) => {
                write!(f, "{error}")?;
                let mut source = std::error::Error::source(error.as_ref());
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
            BootCause::Exited(report) if report.how == ExitKind::NeverStarted => {
                write!(f, "it {}", Ended(report))
            }
            BootCause::Exited(report) => {
                write!(
                    f,
                    "the process started but never called `runner.serve()`; it {}",
                    Ended(report)
                )
            }
            BootCause::TimedOut { after } => {
                write!(
                    f,
                    "the process started but did not call `runner.serve()` within {after:?}"
                )
            }
            BootCause::BuildMismatch { ours, theirs } => write!(
                f,
                "it is a copy of another build of the app (this one is {ours}, that one {theirs}): let the \
                 backend start the image that this process was made from"
            ),
            BootCause::VersionMismatch => f.write_str("it speaks another version of the protocol"),
        }
    }
}
