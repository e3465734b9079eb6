use std::fmt;
use std::sync::Arc;

use flame_core::backend::Backend;

use super::env::RunnerEnv;
use super::handle::Pool;
use super::hooks::{Growth, GrowthEnd, Hooks, Shrink};
use super::options::{PoolOptions, pool_options};
use super::unheard::{CastErrorHandler, CastFailure};
use crate::error::StartError;
use crate::link::Net;
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
#[derive(Clone)]
pub struct PoolBuilder {
    pub(super) name: String,
    pub(crate) options: PoolOptions,
    pub(super) backend: Option<Arc<dyn Backend>>,
    pub(super) threads: Option<Threads>,
    pub(super) on_cast_error: Option<CastErrorHandler>,
    pub(super) hooks: Hooks,
    pub(super) env: RunnerEnv,
}

impl PoolBuilder {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            options: PoolOptions::new(),
            backend: None,
            threads: None,
            on_cast_error: None,
            hooks: Hooks::default(),
            env: RunnerEnv::new(),
        }
    }

    pool_options!(self, self.options);

    /// Where runners come from. Unless set, the configuration's `backend` decides, and if that is silent too, a
    /// runner is a second copy of this executable on this host.
    pub fn backend(mut self, backend: impl Backend) -> Self {
        self.backend = Some(Arc::new(backend));
        self
    }

    /// What its runners are given besides the code: secrets. Nothing unless set.
    pub fn env(mut self, env: RunnerEnv) -> Self {
        self.env = env;
        self
    }

    /// What is done about casts that failed after their handle was dropped. Unless set, they are logged as errors.
    ///
    /// It is called once for each, one after the other. It may block, which delays only further failures; a panic
    /// in it is logged.
    pub fn on_cast_error(mut self, handle: impl Fn(CastFailure) + Send + Sync + 'static) -> Self {
        self.on_cast_error = Some(Arc::new(handle));
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

    /// Runs the whole pool on the runtime that calls this, with its clock, and has runners on other hosts call back
    /// over that network: for simulations. What a backend is told to run as a future dials over it, too.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[doc(hidden)]
    pub fn on_simulated_network(mut self, net: impl Net) -> Self {
        self.threads = Some(Threads::simulated(Arc::new(net)));
        self
    }

    /// Calls `hook` when the pool has asked the backend for one more runner.
    ///
    /// The three hooks of a pool are called on a thread of their own, one after the other, in the order in which the
    /// pool decided. One that blocks delays later hooks and nothing else; once [`HOOKS_QUEUED`](super::HOOKS_QUEUED) calls of hooks wait
    /// behind it, further ones are dropped, which is logged and counted in
    /// [`PoolSnapshot::hooks_missed`](super::PoolSnapshot::hooks_missed). One that panics is logged, and the next one
    /// is called. They may use `tokio::spawn`, and should not block in what they spawn: it runs beside the backend.
    ///
    /// Setting a hook again replaces it. A pool in a `static` has none; whoever wants to watch it uses
    /// [`Pool::events`], of which hooks are a part.
    ///
    /// ```no_run
    /// # use flame_runtime as flame;
    /// use flame::{GrowthOutcome, Pool};
    ///
    /// # async fn run() -> Result<(), flame::StartError> {
    /// let pool = Pool::builder("thumbnails")
    ///     .max(10)
    ///     .on_grow_start(|growth| println!("{}: growing to {}", growth.pool, growth.count))
    ///     .on_grow_end(|growth| match &growth.outcome {
    ///         GrowthOutcome::Ready { after, .. } => println!("{} took {after:?}", growth.name),
    ///         GrowthOutcome::Failed(failure) => eprintln!("{failure}"),
    ///         _ => println!("{} was not needed any more", growth.name),
    ///     })
    ///     .on_shrink(|shrink| println!("{}: shrunk to {}", shrink.pool, shrink.count))
    ///     .start()
    ///     .await?;
    /// # let _ = pool;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_grow_start(mut self, hook: impl Fn(&Growth) + Send + Sync + 'static) -> Self {
        self.hooks.grow_start = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` when a boot has come to its end, whichever that is: once for each `on_grow_start`.
    ///
    /// See [`on_grow_start`](Self::on_grow_start) for where and when.
    pub fn on_grow_end(mut self, hook: impl Fn(&GrowthEnd) + Send + Sync + 'static) -> Self {
        self.hooks.grow_end = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` when the pool has one runner less: it has finished, or was lost.
    ///
    /// See [`on_grow_start`](Self::on_grow_start) for where and when.
    pub fn on_shrink(mut self, hook: impl Fn(&Shrink) + Send + Sync + 'static) -> Self {
        self.hooks.shrink = Some(Arc::new(hook));
        self
    }

    /// Starts the pool, and waits for its first `min` runners.
    ///
    /// # Errors
    ///
    /// The name, the limits, the configuration or the backend cannot be used, or none of the first `min`
    /// runners could be started.
    pub async fn start(self) -> Result<Pool, StartError> {
        let pool = Pool::started(self)?;
        pool.start().await?;
        Ok(pool)
    }
}

impl fmt::Debug for PoolBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolBuilder")
            .field("name", &self.name)
            .field("options", &self.options)
            .field("backend", &self.backend)
            .finish_non_exhaustive()
    }
}
