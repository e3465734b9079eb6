use std::fmt;
use std::sync::{Arc, OnceLock};

use flame_core::PoolName;
use flame_core::backend::Backend;
use flame_core::pool::PoolEvent;
use flame_task::{RunsTasks, Task};

use super::builder::PoolBuilder;
use super::call::Call;
use super::events::{Events, Outlet};
use super::options::{PoolOptions, pool_options};
use super::settings::PoolSettings;
use super::shared::Shared;
use super::snapshot::PoolSnapshot;
use crate::backends;
use crate::config::PoolConfig;
use crate::error::StartError;
use crate::runner;
use crate::threads::Threads;

/// A named group of runners, from which calls get their slots.
///
/// It boots runners while calls want more slots than there are, up to `max`, and takes them down when they are
/// idle. Callers are served in the order in which they came.
///
/// ```no_run
/// # mod flame {
/// #     pub use flame_runtime::Pool;
/// #     pub use flame_task::call;
/// # }
/// use flame::Pool;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = Pool::builder("sums").max(4).start().await?;
/// let numbers = vec![1, 2, 3];
/// let sum = flame::call!(pool, |numbers| numbers.iter().sum::<i32>()).await?;
/// println!("{sum}, by {} runners", pool.snapshot().runners.len());
/// pool.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// Cloning is cheap, and all clones are the same pool, which belongs to no runtime: it outlives the one that it
/// was started on. When the last handle is dropped, calls in flight included, the pool ends as in
/// [`shutdown`](Self::shutdown), in the background.
///
/// A pool may also stand in a `static`. It then starts at its first use, or at [`start`](Self::start), and only
/// `shutdown` ends it, since a `static` is never dropped:
///
/// ```
/// # use flame_runtime as flame;
/// use flame::Pool;
///
/// static THUMBNAILS: Pool = Pool::new("thumbnails").max(10).max_concurrency(5);
/// ```
pub struct Pool {
    name: Name,
    options: PoolOptions,
    started: OnceLock<Started>,
}

/// A name that a `static` can hold.
#[derive(Clone)]
enum Name {
    Static(&'static str),
    Shared(Arc<str>),
}

pub(super) type Started = Result<Arc<Owner>, StartError>;

/// What the handles of a pool own together: the last one to go ends the pool.
pub(super) struct Owner(Arc<Shared>);

impl Owner {
    pub(super) fn pool(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl Pool {
    /// A pool for a `static`. It starts at its first use; what makes it impossible is then the error of that
    /// call, [`CallError::PoolNotStarted`](crate::CallError::PoolNotStarted).
    ///
    /// The name is as for [`builder`](Self::builder).
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name: Name::Static(name),
            options: PoolOptions::new(),
            started: OnceLock::new(),
        }
    }

    pool_options!(self.options);

    /// Sets up a pool.
    ///
    /// The name is also the pool's key in `flame.toml`: `[a-z][a-z0-9_]*`, at most 63 characters.
    #[doc(alias = "spawn")]
    pub fn builder(name: impl Into<String>) -> PoolBuilder {
        PoolBuilder::new(name.into())
    }

    pub(super) fn started(
        name: &str,
        options: &PoolOptions,
        backend: Option<Arc<dyn Backend>>,
        threads: Option<Threads>,
        outlet: Outlet,
    ) -> Result<Self, StartError> {
        let owner = open(name, options, backend, threads, outlet)?;
        Ok(Self {
            name: Name::Shared(name.into()),
            options: *options,
            started: OnceLock::from(Ok(owner)),
        })
    }

    /// Starts a pool that has not started, and waits for its first `min` runners.
    ///
    /// # Errors
    ///
    /// As [`PoolBuilder::start`].
    pub async fn start(&self) -> Result<(), StartError> {
        let owner = self.owner().clone()?;
        let shared = owner.pool();
        let min = shared.settings.limits.min();
        let mut progress = shared.progress.subscribe();
        let reached = progress
            .wait_for(|progress| {
                progress.ready >= min || progress.failure.is_some() || progress.stopped
            })
            .await;
        match reached {
            Ok(progress) if progress.ready < min => match &progress.failure {
                Some(failure) => Err(StartError::Boot(failure.clone())),
                None => Ok(()),
            },
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// A call of `task` on one of the pool's runners. Nothing happens before it is awaited.
    ///
    /// `task.on(&pool)` and `call!(pool, ..)` are the same.
    pub fn call<R: Send + 'static>(&self, task: Task<R>) -> Call<R> {
        Call::new(self.owner().clone(), task)
    }

    /// Ends the pool: waiting calls are refused, running ones get `shutdown_timeout`, then they are cancelled.
    /// Returns when no runner is left, or at once if the pool has not started.
    ///
    /// It ends for all its handles, and does not start again. Dropping the future does not call it off.
    pub async fn shutdown(&self) {
        if let Some(Ok(owner)) = self.started.get() {
            owner.0.handle(PoolEvent::ShutdownRequested);
            let mut progress = owner.0.progress.subscribe();
            // The sender lives as long as the pool, and the pool as long as this handle.
            let _ = progress.wait_for(|progress| progress.stopped).await;
        }
    }

    /// How the pool is at this moment: its callers, its runners, and what has happened so far. A pool that has
    /// not started has nothing.
    pub fn snapshot(&self) -> PoolSnapshot {
        match self.started.get() {
            Some(Ok(owner)) => PoolSnapshot::of(&owner.0),
            Some(Err(_)) | None => PoolSnapshot::default(),
        }
    }

    /// What happens to the pool's runners from now on, as a stream that ends when the pool has ended.
    ///
    /// A pool in a `static` that has not started does so, and its first boots are among the events. If it cannot
    /// start, there are none. The stream keeps no pool from ending.
    ///
    /// The pool waits for no subscriber. One that falls more than [`EVENTS_KEPT`](super::EVENTS_KEPT) events behind
    /// gets [`Event::Missed`](super::Event::Missed) in place of those that it lost.
    ///
    /// ```no_run
    /// # use flame_runtime as flame;
    /// # fn alert(_: &str) {}
    /// # async fn watch(pool: flame::Pool) {
    /// let mut events = pool.events();
    /// tokio::spawn(async move {
    ///     while let Some(event) = events.next().await {
    ///         println!("{event}");
    ///         if let flame::Event::Degraded { failures, .. } = event {
    ///             alert(&format!("{failures} boots in a row have failed"));
    ///         }
    ///     }
    /// });
    /// # }
    /// ```
    pub fn events(&self) -> Events {
        let mut from_the_start = None;
        let started = self.started.get_or_init(|| {
            let mut outlet = Outlet::default();
            from_the_start = Some(outlet.subscribe());
            open(self.name(), &self.options, None, None, outlet)
        });
        from_the_start.unwrap_or_else(|| match started {
            Ok(owner) => owner.pool().lock().outlet.subscribe(),
            Err(_) => Events::none(),
        })
    }

    /// The pool's name.
    pub fn name(&self) -> &str {
        match &self.name {
            Name::Static(name) => name,
            Name::Shared(name) => name,
        }
    }

    /// The pool itself, started if it was not.
    fn owner(&self) -> &Started {
        self.started
            .get_or_init(|| open(self.name(), &self.options, None, None, Outlet::default()))
    }
}

fn open(
    name: &str,
    options: &PoolOptions,
    backend: Option<Arc<dyn Backend>>,
    threads: Option<Threads>,
    outlet: Outlet,
) -> Started {
    let depth = runner::depth();
    let pool: PoolName = name.parse()?;
    // A runner is a copy that its parent has configured; it reads no files of its own.
    let config = if depth == 0 {
        PoolConfig::load(name)?
    } else {
        PoolConfig::default()
    };
    let mut settings = PoolSettings::resolve(name, options, &config)?;
    if depth > 0 {
        settings = settings.nested()?;
    }
    let backend = match (backend, &config.backend) {
        (Some(backend), _) => backend,
        (None, Some(name)) => backends::by_name(name)?,
        (None, None) => backends::default()?,
    };
    let threads = threads.unwrap_or_else(Threads::library);
    let shared = Shared::start(pool, settings, backend, threads, depth, outlet)?;
    Ok(Arc::new(Owner(shared)))
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.handle(PoolEvent::ShutdownRequested);
        // The timer must live until the last runner is gone; then it finds nobody and ends.
        let shared = self.0.clone();
        self.0.threads.spawn_control(async move {
            let mut progress = shared.progress.subscribe();
            let _ = progress.wait_for(|progress| progress.stopped).await;
            shared.timer.notify_one();
        });
    }
}

/// A clone is the same pool, so a pool that has not started does so.
impl Clone for Pool {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            options: self.options,
            started: OnceLock::from(self.owner().clone()),
        }
    }
}

impl RunsTasks for Pool {
    type Call<R: Send + 'static> = Call<R>;

    fn call<R: Send + 'static>(&self, task: Task<R>) -> Call<R> {
        Self::call(self, task)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
