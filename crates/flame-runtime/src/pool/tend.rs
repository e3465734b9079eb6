use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use flame_core::PoolName;
use flame_core::backend::Backend;
use futures_util::FutureExt;
use tokio::sync::watch;

use super::shared::Progress;

/// Lets a backend tend to its business until the pool has ended.
pub(super) async fn tend(
    pool: PoolName,
    backend: Arc<dyn Backend>,
    mut progress: watch::Receiver<Progress>,
) {
    let tended = AssertUnwindSafe(backend.tend()).catch_unwind();
    tokio::select! {
        tended = tended => if tended.is_err() {
            tracing::error!(%pool, backend = backend.name(), "the backend panicked; it does not tend to its business any more");
        },
        // It fails when the pool is gone, which is an end, too.
        _ = progress.wait_for(|progress| progress.stopped) => {}
    }
}
