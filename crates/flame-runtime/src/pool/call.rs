use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use flame_core::pool::CallerKind;
use flame_core::terminator::Link;
use flame_proto::frame::Announce;
use flame_task::{Task, Wire};

use super::handle::Started;
use super::listener::{Listener, OnProgress};
use super::pending::{Pending, Work};
use super::ticket::{Patience, Terms, WhenLeft};
use crate::error::CallError;

/// A call that has not started: set its terms, then await it.
///
/// Nothing happens before the first poll. **Dropping the future cancels the remote work**, waiting or running,
/// unless the call is [`detached`](Self::detached); so `select!` and `timeout` do what they should.
///
/// The output is a `Result` whose error is the machinery's; a task that is itself fallible has its own `Result`
/// inside, hence `.await??`, or [`flat`](Self::flat).
///
/// ```no_run
/// # mod flame {
/// #     pub use flame_runtime::{CallError, Pool};
/// #     pub use flame_task::call;
/// # }
/// use std::time::Duration;
///
/// use flame::{CallError, Pool};
///
/// # async fn run(pool: Pool) -> Result<(), CallError> {
/// let text = String::from("1,2,3");
/// let parsed: Result<Vec<u8>, String> = flame::call!(pool, |text| {
///     text.split(',').map(|n| n.parse().map_err(|_| format!("{n:?} is no number"))).collect::<Result<Vec<u8>, String>>()
/// })
/// .timeout(Duration::from_secs(5))
/// .queue_timeout(Duration::from_secs(1))
/// .await?;
/// println!("{parsed:?}");
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<R> {
    stage: Stage<R>,
}

type Submitted<R> = (Pending<R>, Option<Box<dyn Listener>>);

enum Stage<R> {
    Fresh(Box<Request<R>>),
    Pending(Pending<R>, Option<Box<dyn Listener>>),
    /// The result is here, and the last of the progress is not.
    Finishing(Box<Finishing<R>>),
    Spent,
}

struct Finishing<R> {
    task: &'static str,
    result: R,
    listener: Box<dyn Listener>,
}

struct Request<R> {
    pool: Started,
    task: &'static str,
    work: Result<Work<R>, CallError>,
    timeout: Patience,
    queue_timeout: Option<Duration>,
    retries: u32,
    link: Link,
    listener: Option<Box<dyn Listener>>,
}

impl<R: Send + 'static> Call<R> {
    pub(super) fn new(pool: Started, task: Task<R>) -> Self {
        let name = task.name();
        let request = Request {
            pool,
            task: name,
            work: Work::of(task),
            timeout: Patience::OfThePool,
            queue_timeout: None,
            retries: 0,
            link: Link::Linked,
            listener: None,
        };
        Self {
            stage: Stage::Fresh(Box::new(request)),
        }
    }

    /// How long the call may take in all, waiting and running together, from its first poll on. The pool's
    /// `timeout` unless set.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|request| request.timeout = Patience::Own(Some(timeout)))
    }

    /// Lets the call take as long as it needs.
    pub fn no_timeout(self) -> Self {
        self.with(|request| request.timeout = Patience::Own(None))
    }

    /// How long the call may wait for a slot, boots included, if less than its whole patience.
    pub fn queue_timeout(self, timeout: Duration) -> Self {
        self.with(|request| request.queue_timeout = Some(timeout))
    }

    /// Lets the work go on when this future is dropped, and for `shutdown_timeout` more when the parent is lost.
    ///
    /// It still ends at its deadline, and nobody hears how it ended.
    pub fn detached(self) -> Self {
        self.with(|request| request.link = Link::Detached)
    }

    /// Says that the work may run more than once, and lets it be begun again, at most `retries` times, when its runner
    /// was lost while it may have been running.
    ///
    /// The call goes to the front of the queue, keeps its deadline, and fails with the loss when no try is left. Every
    /// run sees the same [`Ctx::idempotency_key`](flame_task::Ctx::idempotency_key), and counts one more in
    /// [`Ctx::attempt`](flame_task::Ctx::attempt). Nothing but the loss of the runner is tried again: not a panic, not
    /// an error of the task, not a deadline.
    pub fn idempotent(self, retries: u32) -> Self {
        self.with(|request| request.retries = retries)
    }

    /// Calls `tell` with what the task passes to [`Ctx::progress`](flame_task::Ctx::progress).
    ///
    /// It is called while this future is polled, and should be quick. Progress is lossy: a value that was not told yet
    /// gives way to a newer one. The last one of a task that returns is always told, before the result is. Values of
    /// another type than `T` are not told, and the log says so. A second listener takes the place of the first.
    ///
    /// ```no_run
    /// # mod flame {
    /// #     pub use flame_runtime::{CallError, Pool};
    /// #     pub use flame_task::{Ctx, call};
    /// # }
    /// use flame::{CallError, Ctx, Pool};
    ///
    /// # async fn run(pool: Pool) -> Result<(), CallError> {
    /// let files = vec![String::from("a.mp4"), String::from("b.mp4")];
    /// flame::call!(pool, |files, cx: Ctx| async move {
    ///     for (done, _file) in files.iter().enumerate() {
    ///         cx.progress(done);
    ///     }
    /// })
    /// .on_progress(|done: usize| println!("{done} files are done"))
    /// .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress<T: Wire>(self, tell: impl FnMut(T) + Send + 'static) -> Self {
        self.with(|request| request.listener = Some(Box::new(OnProgress::new(tell))))
    }

    fn with(mut self, set: impl FnOnce(&mut Request<R>)) -> Self {
        if let Stage::Fresh(request) = &mut self.stage {
            set(request);
        }
        self
    }
}

impl<T, E> Call<Result<T, E>>
where
    T: Send + 'static,
    E: From<CallError> + Send + 'static,
{
    /// The task's own result, with the machinery's error turned into the task's: one `?` instead of two.
    ///
    /// For tasks whose error type is `From<CallError>`, as `anyhow::Error` is.
    ///
    /// # Errors
    ///
    /// The task's own, and any [`CallError`] as the task's error type.
    pub async fn flat(self) -> Result<T, E> {
        self.await?
    }
}

impl<R: Send + 'static> Future for Call<R> {
    type Output = Result<R, CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::Fresh(_) = self.stage
            && let Stage::Fresh(request) = std::mem::replace(&mut self.stage, Stage::Spent)
        {
            let (pending, listener) = request.submit()?;
            self.stage = Stage::Pending(pending, listener);
        }
        if let Stage::Pending(pending, listener) = &mut self.stage {
            let task = pending.ticket().task();
            let result = pending.poll_result(cx);
            // After the answer was looked for: what had come before it is here by now.
            let heard = match listener {
                Some(listener) => listener.poll_all(task, cx),
                None => Poll::Ready(()),
            };
            let result = ready!(result);
            let listener = listener.take();
            self.stage = Stage::Spent;
            match (result, listener) {
                (Ok(result), Some(listener)) if heard.is_pending() => {
                    let finishing = Finishing {
                        task,
                        result,
                        listener,
                    };
                    self.stage = Stage::Finishing(Box::new(finishing));
                }
                (result, _) => return Poll::Ready(result),
            }
        }
        if let Stage::Finishing(finishing) = &mut self.stage {
            ready!(finishing.listener.poll_all(finishing.task, cx));
        }
        match std::mem::replace(&mut self.stage, Stage::Spent) {
            Stage::Finishing(finishing) => Poll::Ready(Ok(finishing.result)),
            Stage::Fresh(_) | Stage::Pending(..) | Stage::Spent => Poll::Pending,
        }
    }
}

impl<R> Unpin for Call<R> {}

impl<R> Request<R> {
    fn submit(mut self) -> Result<Submitted<R>, CallError> {
        if let (Some(listener), Ok(work)) = (&mut self.listener, &mut self.work) {
            listener.attach(work.arguments());
        }
        let left = match self.link {
            Link::Linked => WhenLeft::Cancel,
            Link::Detached => WhenLeft::Detach,
        };
        let terms = Terms {
            timeout: self.timeout,
            queue_timeout: self.queue_timeout,
            retries: self.retries,
            kind: CallerKind::Call,
            link: self.link,
            left,
            announce: Announce::Never,
        };
        let pending = Pending::submit(self.pool, self.work, terms)?;
        Ok((pending, self.listener))
    }
}

impl<R> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match &self.stage {
            Stage::Fresh(request) => request.task,
            Stage::Pending(pending, _) => pending.ticket().task(),
            Stage::Finishing(finishing) => finishing.task,
            Stage::Spent => "spent",
        };
        f.debug_tuple("Call").field(&stage).finish()
    }
}
