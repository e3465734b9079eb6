use flame::Pool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Store;
use crate::live::Live;

/// What all requests share.
#[derive(Clone, Debug)]
pub struct App {
    pool: Pool,
    store: Store,
    live: Live,
    /// What goes on without a request.
    background: TaskTracker,
    ending: CancellationToken,
}

impl App {
    /// Starts what goes on in the background. It needs a tokio runtime.
    #[must_use]
    pub fn new(pool: Pool, store: Store) -> Self {
        let background = TaskTracker::new();
        let live = Live::start(pool.clone(), store.clone(), &background);
        Self {
            pool,
            store,
            live,
            background,
            ending: CancellationToken::new(),
        }
    }

    /// Cancelled when the service is to end: what would never end by itself ends then.
    #[must_use]
    pub fn ending(&self) -> &CancellationToken {
        &self.ending
    }

    /// Ends the pool, and returns when everything that was begun is written down.
    pub async fn shutdown(&self) {
        self.ending.cancel();
        self.pool.shutdown().await;
        // Every call has its answer by now, so this is quick.
        self.background.close();
        self.background.wait().await;
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn live(&self) -> &Live {
        &self.live
    }

    pub(crate) fn background(&self) -> &TaskTracker {
        &self.background
    }
}
