use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use flame_core::terminator::Link;
use flame_task::{Decode, Outbound, Payload, Task};

use super::handle::Started;
use super::ticket::{Patience, Terms, Ticket, WhenLeft};
use crate::error::CallError;
use crate::runner;

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

enum Stage<R> {
    Fresh(Box<Request<R>>),
    Running(Pin<Box<dyn Future<Output = Result<R, CallError>> + Send>>),
    Spent,
}

struct Request<R> {
    pool: Started,
    task: &'static str,
    work: Result<(Outbound, Decode<R>), CallError>,
    timeout: Patience,
    queue_timeout: Option<Duration>,
    link: Link,
}

impl<R: Send + 'static> Call<R> {
    pub(super) fn new(pool: Started, task: Task<R>) -> Self {
        let name = task.name();
        let request = Request {
            pool,
            task: name,
            work: encode(task),
            timeout: Patience::OfThePool,
            queue_timeout: None,
            link: Link::Linked,
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
            self.stage = Stage::Running(Box::pin(run(*request)));
        }
        match &mut self.stage {
            Stage::Running(running) => running.as_mut().poll(cx),
            Stage::Fresh(_) | Stage::Spent => Poll::Pending,
        }
    }
}

impl<R> Unpin for Call<R> {}

async fn run<R>(request: Request<R>) -> Result<R, CallError> {
    let Request {
        pool,
        task,
        work,
        timeout,
        queue_timeout,
        link,
    } = request;
    let (work, decode) = work?;
    let owner = pool.map_err(CallError::PoolNotStarted)?;
    let shared = owner.pool();
    runner::check_nesting().map_err(CallError::PoolNotStarted)?;
    let left = match link {
        Link::Linked => WhenLeft::Cancel,
        Link::Detached => WhenLeft::Detach,
    };
    let mut ticket = Ticket::submit(
        shared,
        work,
        Terms {
            timeout,
            queue_timeout,
            link,
            left,
        },
    )?;
    let output = ticket.answer().await?;
    decode_output(task, decode, output)
}

/// What travels of the task.
pub(super) fn encode<R>(task: Task<R>) -> Result<(Outbound, Decode<R>), CallError> {
    let name = task.name();
    task.into_parts().map_err(|error| CallError::EncodeArgs {
        task: name,
        message: error.to_string(),
    })
}

/// What came back.
pub(super) fn decode_output<R>(
    task: &'static str,
    decode: Decode<R>,
    output: Payload,
) -> Result<R, CallError> {
    decode(output).map_err(|error| CallError::DecodeResult {
        task,
        message: error.to_string(),
    })
}

impl<R> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match &self.stage {
            Stage::Fresh(request) => request.task,
            Stage::Running(_) => "running",
            Stage::Spent => "spent",
        };
        f.debug_tuple("Call").field(&stage).finish()
    }
}
