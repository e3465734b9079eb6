//! Why a copy could not be started.

use std::io;
use std::path::PathBuf;

use flame_core::backend::BootError;
use flame_core::backend::lifeline::TextTooLong;
use rustix::io::Errno;

use crate::test_harness::TestHarnessError;

/// Why a copy could not be started: the source of the [`BootError`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The operating system refused.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// What the copy is to be told about its parent does not fit.
    #[error(transparent)]
    ParentText(#[from] TextTooLong),
    /// This process is a test binary that cannot be a runner.
    #[error(transparent)]
    TestHarness(#[from] TestHarnessError),
    /// This process was itself started as a runner and does not know it yet. Without this error a
    /// program that starts pools first would start copies of itself without end.
    #[error(
        "this process was started as a runner but has not called `flame::runner()`, which must come \
         before the first pool is started"
    )]
    RunnerNotTaken,
}

/// The operating system could not start a process.
#[derive(Debug, thiserror::Error)]
#[error("could not start {}", program.display())]
pub struct SpawnError {
    /// What was to be started.
    pub program: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

impl StartError {
    pub(super) fn spawn(program: PathBuf, source: io::Error) -> Self {
        Self::Spawn(SpawnError { program, source })
    }
}

impl From<StartError> for BootError {
    fn from(error: StartError) -> Self {
        let transient = match &error {
            StartError::Spawn(spawn) => spawn.is_transient(),
            StartError::ParentText(_) | StartError::RunnerNotTaken => false,
            StartError::TestHarness(_) => false,
        };
        let source = Box::new(error);
        if transient {
            Self::Unavailable { source }
        } else {
            Self::Rejected { source }
        }
    }
}

impl SpawnError {
    /// Whether the same may succeed later: processes, descriptors or memory ran out, or the file is
    /// still being written.
    fn is_transient(&self) -> bool {
        const SHORTAGES: [Errno; 5] = [
            Errno::AGAIN,
            Errno::MFILE,
            Errno::NFILE,
            Errno::NOMEM,
            Errno::TXTBSY,
        ];
        Errno::from_io_error(&self.source).is_some_and(|errno| SHORTAGES.contains(&errno))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_now_may_be_there_later_and_what_is_wrong_stays_wrong() {
        let is_transient = |errno: Errno| {
            let error = StartError::spawn("app".into(), errno.into());
            BootError::from(error).is_transient()
        };
        for shortage in [
            Errno::AGAIN,
            Errno::MFILE,
            Errno::NFILE,
            Errno::NOMEM,
            Errno::TXTBSY,
        ] {
            assert!(is_transient(shortage), "{shortage}");
        }
        for mistake in [Errno::NOENT, Errno::ACCESS, Errno::NOEXEC, Errno::TOOBIG] {
            assert!(!is_transient(mistake), "{mistake}");
        }
    }
}
