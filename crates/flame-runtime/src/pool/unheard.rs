use std::fmt;
use std::sync::Arc;

use flame_core::PoolName;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::error::CallError;
use crate::threads::Threads;

/// A cast that failed, and whose handle was dropped.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CastFailure {
    /// The pool's name.
    pub pool: String,
    /// The task.
    pub task: &'static str,
    /// Why it gave no result.
    pub error: CallError,
}

/// What the owner of a pool does about failed casts.
pub(crate) type CastErrorHandler = Arc<dyn Fn(CastFailure) + Send + Sync>;

/// Where the failures go that no caller hears. Each is told once.
pub(super) struct Unheard {
    pool: PoolName,
    /// `None` when the owner of the pool has no handler; failures are then logged.
    told: Option<mpsc::UnboundedSender<CastFailure>>,
}

impl Unheard {
    /// Failures go to the handler one after the other, beside the backend's futures and never in their way.
    pub(super) fn new(
        pool: PoolName,
        handler: Option<CastErrorHandler>,
        threads: &Threads,
    ) -> Self {
        let told = handler.map(|handler| {
            // As many as casts fail, which the queue's limit bounds, so that none is lost.
            let (told, failures) = mpsc::unbounded_channel();
            threads.spawn_backend(tell_all(handler, failures));
            told
        });
        Self { pool, told }
    }

    pub(super) fn tell(&self, task: &'static str, error: CallError) {
        let Some(told) = &self.told else {
            tracing::error!(pool = %self.pool, task, %error, "a cast failed");
            return;
        };
        let failure = CastFailure {
            pool: self.pool.to_string(),
            task,
            error,
        };
        if let Err(untold) = told.send(failure) {
            let CastFailure { error, .. } = untold.0;
            tracing::error!(pool = %self.pool, task, %error, "a cast failed");
        }
    }
}

impl fmt::Debug for Unheard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unheard")
            .field("has_handler", &self.told.is_some())
            .finish_non_exhaustive()
    }
}

async fn tell_all(handler: CastErrorHandler, mut failures: mpsc::UnboundedReceiver<CastFailure>) {
    while let Some(failure) = failures.recv().await {
        let (handler, task) = (handler.clone(), failure.task);
        // The handler may block, and may panic.
        if spawn_blocking(move || handler(failure)).await.is_err() {
            tracing::error!(task, "on_cast_error panicked");
        }
    }
}
