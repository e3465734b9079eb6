use std::fmt;
use std::sync::{Arc, OnceLock};

use flame_core::PoolName;
use flame_core::pool::PoolEvent;
use flame_task::{RunsTasks, Task};

use super::builder::PoolBuilder;
use super::call::Call;
use super::cast::{CastHandle, CastOptions};
use super::events::{Events, Outlet};
use super::map::Map;
use super::options::{PoolOptions, pool_options};
use super::settings::PoolSettings;
use super::shared::Shared;
use super::snapshot::PoolSnapshot;
use crate::backends;
use crate::config::PoolConfig;
use crate::error::{CallError, StartError};
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
    pub(super) started: OnceLock<Started>,
}

/// A name that a `static` can hold.
#[derive(Clone)]
enum Name {
    Static(&'static str),
    Shared(Arc<str>),
}

pub(super) type Started = Result<Arc<Owner>, StartError>;

/// What the handles of a pool own together: the last one to go ends the pool.
#[derive(Debug)]
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

    pool_options!(self, self.options);

    /// Sets up a pool.
    ///
    /// The name is also the pool's key in `flame.toml`: `[a-z][a-z0-9_]*`, at most 63 characters.
    #[doc(alias = "spawn")]
    pub fn builder(name: impl Into<String>) -> PoolBuilder {
        PoolBuilder::new(name.into())
    }

    pub(crate) fn started(mut builder: PoolBuilder) -> Result<Self, StartError> {
        let (name, options) = (builder.name.clone().into(), builder.options);
        let outlet = Outlet::new(std::mem::take(&mut builder.hooks));
        let owner = open(builder, outlet)?;
        Ok(Self {
            name: Name::Shared(name),
            options,
            started: OnceLock::from(Ok(owner)),
        })
    }

    /// A call of `task` on one of the pool's runners. Nothing happens before it is awaited.
    ///
    /// `task.on(&pool)` and `call!(pool, ..)` are the same.
    pub fn call<R: Send + 'static>(&self, task: Task<R>) -> Call<R> {
        Call::new(self.owner().clone(), task)
    }

    /// Lets `task` run on one of the pool's runners, without waiting for it.
    ///
    /// It is accepted or refused at once, and waits for its slot behind whoever came earlier: no runner ever has
    /// more than `max_concurrency` calls and casts together. It is not stored: when this process ends, what has
    /// not run is lost.
    ///
    /// The work goes on when the [`CastHandle`] is dropped. Should it then fail,
    /// [`on_cast_error`](PoolBuilder::on_cast_error) hears of it. It has no deadline; see
    /// [`cast_with`](Self::cast_with).
    ///
    /// ```no_run
    /// # mod flame {
    /// #     pub use flame_runtime::{CallError, Pool};
    /// #     pub use flame_task::task;
    /// # }
    /// # async fn run(pool: flame::Pool) -> Result<(), flame::CallError> {
    /// # async fn send(_mail: String) {}
    /// let mail = String::from("welcome");
    /// drop(pool.cast(flame::task!(|mail| async move { send(mail).await }))?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The queue is full, the pool shuts down or could not be started, or the arguments cannot travel. No line of
    /// the task ran.
    #[doc(alias = "spawn")]
    pub fn cast<R: Send + 'static>(&self, task: Task<R>) -> Result<CastHandle<R>, CallError> {
        self.cast_with(task, CastOptions::new())
    }

    /// As [`cast`](Self::cast), on these terms.
    ///
    /// # Errors
    ///
    /// As for [`cast`](Self::cast).
    pub fn cast_with<R: Send + 'static>(
        &self,
        task: Task<R>,
        options: CastOptions,
    ) -> Result<CastHandle<R>, CallError> {
        CastHandle::submit(self.owner().clone(), task, options)
    }

    /// Calls the task that `make` makes of each item, as many at a time as the pool has slots, and yields the
    /// results as they come, each with its item's place in `items`.
    ///
    /// Nothing happens before the stream is polled, and dropping it cancels what it has under way. See [`Map`].
    pub fn map<I, F, R>(&self, items: I, make: F) -> Map<I::IntoIter, F, R>
    where
        I: IntoIterator,
        F: FnMut(I::Item) -> Task<R>,
        R: Send + 'static,
    {
        Map::new(self.clone(), items.into_iter(), make)
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
            open(self.builder_of_static(), outlet)
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

    /// How many calls can run at a time.
    pub(super) fn slots(&self) -> usize {
        self.owner().as_ref().map_or(1, |owner| {
            let settings = owner.pool().lock().settings.clone();
            settings.limits.slots()
        })
    }

    /// The pool itself, started if it was not.
    pub(super) fn owner(&self) -> &Started {
        self.started
            .get_or_init(|| open(self.builder_of_static(), Outlet::default()))
    }

    /// What a pool in a `static` starts from.
    fn builder_of_static(&self) -> PoolBuilder {
        let mut builder = PoolBuilder::new(self.name().to_owned());
        builder.options = self.options;
        builder
    }
}

fn open(builder: PoolBuilder, outlet: Outlet) -> Started {
    let depth = runner::depth();
    let pool: PoolName = builder.name.parse()?;
    // A runner is a copy that its parent has configured; it reads no files of its own.
    let config = if depth == 0 {
        PoolConfig::load(&builder.name)?
    } else {
        PoolConfig::default()
    };
    let mut settings = PoolSettings::resolve(&builder.name, &builder.options, &config)?;
    if depth > 0 {
        settings = settings.nested()?;
    }
    let env = builder
        .env
        .with_configured(&builder.name, config.secrets())?;
    settings.env = Arc::new(env);
    let backend = match (builder.backend, &config.backend) {
        (Some(backend), named) => {
            if let Some(name) = named {
                tracing::warn!(
                    pool = %pool,
                    configured = %name,
                    given = backend.name(),
                    "the code gives this pool a backend, so the configured one is not used"
                );
            }
            backend
        }
        (None, Some(name)) => backends::by_name(name)?,
        (None, None) => backends::default()?,
    };
    let threads = builder.threads.unwrap_or_else(Threads::library);
    let shared = Shared::start(
        pool,
        settings,
        backend,
        threads,
        depth,
        builder.on_cast_error,
        outlet,
    )?;
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
