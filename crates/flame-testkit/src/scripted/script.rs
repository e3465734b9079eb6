//! What the script says about one create.

use std::future::pending;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use flame_core::backend::{BootError, ExitReport, RunnerEntry, RunnerFuture};
use tokio::sync::oneshot;

/// What comes of one create.
#[derive(Default)]
pub(super) struct Boot {
    pub(super) delay: Duration,
    pub(super) outcome: Outcome,
}

/// Whether there is an instance, and what its creator is told.
pub(super) enum Outcome {
    Refused(BootError),
    Made(Runner),
    MadeButSays(BootError),
}

/// What becomes of the runner.
pub(super) enum Runner {
    CallsBack,
    IsSilent,
    Dies(ExitReport),
}

impl Default for Outcome {
    fn default() -> Self {
        Self::Made(Runner::CallsBack)
    }
}

impl Runner {
    /// The runner's life, and what ends it from outside.
    pub(super) fn entry(self, real: &RunnerEntry) -> (RunnerEntry, oneshot::Sender<ExitReport>) {
        let life: RunnerFuture = match self {
            Self::CallsBack => real.run(),
            Self::IsSilent => Box::pin(pending()),
            Self::Dies(report) => Box::pin(async { report }),
        };
        let (killer, killed) = oneshot::channel();
        // An entry may be called many times; this one is for one instance.
        let once = Mutex::new(Some(until_killed(life, killed)));
        let entry = RunnerEntry::new(move || {
            let life = once.lock().unwrap_or_else(PoisonError::into_inner).take();
            life.unwrap_or_else(|| Box::pin(pending()))
        });
        (entry, killer)
    }
}

fn until_killed(mut life: RunnerFuture, killed: oneshot::Receiver<ExitReport>) -> RunnerFuture {
    Box::pin(async move {
        tokio::select! {
            biased;
            Ok(report) = killed => report,
            report = &mut life => report,
        }
    })
}
