//! What a running task may know about itself.

use std::fmt;
use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

use crate::channel::Progress;
use crate::provided::OwnValues;
use crate::resident::Leavings;
use crate::secret::Secret;
use crate::wire::{Payload, Wire};

mod key;
mod parts;
mod signals;

pub use key::Key;
pub use parts::CtxParts;
pub use signals::{Accepted, Signals};

tokio::task_local! {
    static CURRENT: Ctx;
}

/// The circumstances of one run of one task.
///
/// A task asks for it with a typed parameter, or anywhere below it with [`Ctx::current`]:
///
/// ```
/// use flame_task::{Ctx, task};
///
/// let n = 3_u64;
/// let sum = task!(|n, cx: Ctx| (0..n).take_while(|_| !cx.is_cancelled()).sum::<u64>());
/// ```
#[derive(Clone)]
pub struct Ctx {
    inner: Arc<Inner>,
}

struct Inner {
    parts: CtxParts,
    signals: Signals,
    own_values: OwnValues,
    /// Set before the task starts, if somebody listens.
    progress: OnceLock<Progress>,
}

impl Ctx {
    /// The circumstances of a run on a runner.
    #[doc(hidden)]
    pub fn new(parts: CtxParts, signals: Signals) -> Self {
        Self::build(parts, signals, OwnValues::default())
    }

    /// The circumstances of a run in this process, without a pool.
    ///
    /// Inside another task they are that task's own, so that a task which awaits a second one is
    /// cancelled together with it and both name the same runner.
    #[doc(hidden)]
    pub fn here(task: &'static str) -> Self {
        Self::here_with(task, OwnValues::default())
    }

    pub(crate) fn here_with(task: &'static str, own_values: OwnValues) -> Self {
        let (parts, signals) = match Self::current() {
            Some(around) => (
                CtxParts {
                    task,
                    ..around.inner.parts.clone()
                },
                around.inner.signals.for_part(),
            ),
            None => (CtxParts::here(task), Signals::default()),
        };
        Self::build(parts, signals, own_values)
    }

    fn build(parts: CtxParts, signals: Signals, own_values: OwnValues) -> Self {
        Self {
            inner: Arc::new(Inner {
                parts,
                signals,
                own_values,
                progress: OnceLock::new(),
            }),
        }
    }

    /// The task that this code runs in, if it runs in one.
    ///
    /// A future that the task hands to `tokio::spawn` is no longer inside it.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// The name of the runner; `None` in the process that wrote the call.
    pub fn runner(&self) -> Option<&str> {
        self.inner.parts.runner.as_deref()
    }

    /// The name of the pool that the runner belongs to; `None` in the process that wrote the call.
    pub fn pool(&self) -> Option<&str> {
        self.inner.parts.pool.as_deref()
    }

    /// The task's name, as [`Task::name`](crate::Task::name) gives it.
    pub fn task(&self) -> &'static str {
        self.inner.parts.task
    }

    /// What parent and runner call it.
    #[doc(hidden)]
    pub fn call(&self) -> Option<u64> {
        self.inner.parts.call
    }

    /// 1 the first time, counted up by each repetition of the same call.
    pub fn attempt(&self) -> u32 {
        self.inner.parts.attempt
    }

    /// Stays the same when the same call is run again: what to give to a service that must do a thing
    /// only once.
    pub fn idempotency_key(&self) -> &str {
        self.inner.parts.idempotency_key.as_str()
    }

    /// Differs between two runs of the same call: what to give to a service that shall ignore a run
    /// that has been given up.
    pub fn fencing_token(&self) -> &str {
        self.inner.parts.fencing_token.as_str()
    }

    /// Whether the run has been given up: the caller went away, its deadline passed, or the runner ends.
    ///
    /// An async task is dropped at its next `.await` anyway; blocking code should look at this.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation().is_cancelled()
    }

    /// Waits until the run is given up.
    pub async fn cancelled(&self) {
        self.cancellation().cancelled().await;
    }

    /// Waits until the runner is to end: its pool shuts down or lets it go, or it was sent a SIGTERM. Work that
    /// lives long should come to its end then; what still runs `shutdown_timeout` later is cancelled.
    ///
    /// It never comes in the process that wrote the call.
    ///
    /// ```no_run
    /// # use flame_task::{Ctx, task};
    /// # async fn sample() {}
    /// # async fn save() {}
    /// let watch = task!(|cx: Ctx| async move {
    ///     loop {
    ///         tokio::select! {
    ///             () = sample() => {}
    ///             () = cx.draining() => break,
    ///         }
    ///     }
    ///     save().await;
    /// });
    /// ```
    pub async fn draining(&self) {
        self.inner.signals.draining.cancelled().await;
    }

    /// The secret of this name that the pool gives its runners. `None` if it gives none of this name, and in the process
    /// that wrote the call.
    ///
    /// ```
    /// use flame_task::{Ctx, task};
    ///
    /// # async fn charge(_key: &str) {}
    /// let charge = task!(|cx: Ctx| async move {
    ///     let Some(key) = cx.secret("PAYMENT_KEY") else { return false };
    ///     charge(key.expose()).await;
    ///     true
    /// });
    /// ```
    pub fn secret(&self, name: &str) -> Option<Secret> {
        self.inner.parts.secrets.as_ref()?.get(name).cloned()
    }

    /// Says that placed work lives. Only the first time counts, and only where it was asked for.
    #[doc(hidden)]
    pub fn accept(&self) {
        self.inner.signals.accept();
    }

    /// Tells the caller how far the task is, if it listens with `Call::on_progress`.
    ///
    /// It never waits: a value that the caller has not seen yet gives way to a newer one, and the last one before the
    /// task ends is always seen. It does nothing when nobody listens, and in a task that runs here.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the caller has no further use for it"
    )]
    pub fn progress<T: Wire>(&self, value: T) {
        if let Some(progress) = self.inner.progress.get() {
            progress.tell(&value);
        }
    }

    /// Somebody listens to the progress of the task with these arguments, or nobody does.
    pub(crate) fn find_progress(&self, arguments: &Payload) {
        if let Some(progress) = Progress::of(arguments) {
            // A task starts once.
            let _ = self.inner.progress.set(progress);
        }
    }

    /// The task has ended: its last progress leaves before its result does.
    #[doc(hidden)]
    pub fn end_progress(&self) {
        if let Some(progress) = self.inner.progress.get() {
            progress.finish();
        }
    }

    pub(crate) fn cancellation(&self) -> &CancellationToken {
        &self.inner.signals.cancellation
    }

    pub(crate) fn leavings(&self) -> Option<&Arc<Leavings>> {
        self.inner.parts.leavings.as_ref()
    }

    pub(crate) fn own_values(&self) -> &OwnValues {
        &self.inner.own_values
    }

    /// `future`, with this as its [`Ctx::current`].
    pub(crate) fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, future)
    }

    /// Runs `body` with this as its [`Ctx::current`].
    pub(crate) fn scope_blocking<R>(self, body: impl FnOnce() -> R) -> R {
        CURRENT.sync_scope(self, body)
    }
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx")
            .field("parts", &self.inner.parts)
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}
