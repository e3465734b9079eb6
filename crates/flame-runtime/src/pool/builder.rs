use std::sync::Arc;

use flame_core::backend::Backend;

use super::handle::Pool;
use super::options::{PoolOptions, pool_options};
use crate::error::StartError;
use crate::threads::Threads;

/// A pool being set up. Made by [`Pool::builder`], ended by [`start`](Self::start).
///
/// Only [`max`](Self::max) must be set. What `flame.toml` or the environment say of the pool goes over what is said
/// here, except for the [`backend`](Self::backend).
///
/// ```no_run
/// # use flame_runtime as flame;
/// use std::time::Duration;
///
/// # async fn run() -> Result<(), flame::StartError> {
/// let pool = flame::Pool::builder("thumbnails")
///     .min(1)
///     .max(10)
///     .max_concurrency(5)
///     .timeout(Duration::from_secs(120))
///     .idle_shutdown_after(Duration::from_secs(60))
///     .start()
///     .await?;
/// # let _ = pool;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PoolBuilder {
    name: String,
    options: PoolOptions,
    backend: Option<Arc<dyn Backend>>,
    threads: Option<Threads>,
}

impl PoolBuilder {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            options: PoolOptions::new(),
            backend: None,
            threads: None,
        }
    }

    pool_options!(self.options);

    /// Where runners come from. Unless set, the configuration's `backend` decides, and if that is silent too, a
    /// runner is a second copy of this executable on this host.
    pub fn backend(mut self, backend: impl Backend) -> Self {
        self.backend = Some(Arc::new(backend));
        self
    }

    /// Runs the whole pool on the runtime that calls this, with its clock: for tests under paused time.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub fn on_current_runtime(mut self) -> Self {
        self.threads = Some(Threads::current_runtime());
        self
    }

    /// Starts the pool, and waits for its first `min` runners.
    ///
    /// # Errors
    ///
    /// The name, the limits, the configuration or the backend cannot be used, or none of the first `min`
    /// runners could be started.
    pub async fn start(self) -> Result<Pool, StartError> {
        let pool = Pool::started(&self.name, &self.options, self.backend, self.threads)?;
        pool.start().await?;
        Ok(pool)
    }
}
