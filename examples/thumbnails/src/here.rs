//! Runs the work in this process.

use tokio::task::{JoinError, spawn_blocking};

/// Runs a piece of work on a thread that may block.
pub(crate) async fn on_a_blocking_thread<R: Send + 'static>(
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<R, JoinError> {
    spawn_blocking(work).await
}
