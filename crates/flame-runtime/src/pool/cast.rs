use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use flame_core::terminator::Link;
use flame_task::{Decode, Task};

use super::call::{decode_output, encode};
use super::handle::{Owner, Started};
use super::ticket::{Patience, Terms, Ticket, WhenLeft};
use crate::error::CallError;
use crate::runner;

/// Work that goes on without its caller.
///
/// Made by [`Pool::cast`](super::Pool::cast). **Dropping it detaches**: the work goes on, and should it fail, the
/// pool's [`on_cast_error`](super::PoolBuilder::on_cast_error) hears of it. Each failure is told once: to
/// [`join`](Self::join), or to that handler when nobody joined.
///
/// A task that is itself fallible has its own `Result` as its result, which is no failure of the cast and which
/// only `join` brings back.
#[must_use = "dropping it detaches the work, as `drop(handle)` says more clearly"]
pub struct CastHandle<R> {
    ticket: Ticket,
    task: &'static str,
    decode: Decode<R>,
    /// Keeps the pool open.
    _owner: Arc<Owner>,
}

/// The terms of a cast. It has no deadline unless given one.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "options do nothing until they are given to `cast_with`"]
pub struct CastOptions {
    timeout: Option<Duration>,
    queue_timeout: Option<Duration>,
}

impl CastOptions {
    /// No deadline.
    pub const fn new() -> Self {
        Self {
            timeout: None,
            queue_timeout: None,
        }
    }

    /// How long the cast may take in all, waiting and running together. As long as it needs unless set.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long the cast may wait for a slot. As long as its whole patience unless set.
    pub const fn queue_timeout(mut self, timeout: Duration) -> Self {
        self.queue_timeout = Some(timeout);
        self
    }
}

impl<R> CastHandle<R> {
    pub(super) fn submit(
        owner: Started,
        task: Task<R>,
        options: CastOptions,
    ) -> Result<Self, CallError> {
        let name = task.name();
        let (work, decode) = encode(task)?;
        let owner = owner.map_err(CallError::PoolNotStarted)?;
        runner::check_nesting().map_err(CallError::PoolNotStarted)?;
        let terms = Terms {
            timeout: Patience::Own(options.timeout),
            queue_timeout: options.queue_timeout,
            link: Link::Detached,
            left: WhenLeft::DetachAndTell,
        };
        let ticket = Ticket::submit(owner.pool(), work, terms)?;
        Ok(Self {
            ticket,
            task: name,
            decode,
            _owner: owner,
        })
    }

    /// Waits for the result. Dropping the future detaches, as dropping the handle does.
    ///
    /// # Errors
    ///
    /// As for a [`Call`](super::Call).
    pub async fn join(mut self) -> Result<R, CallError> {
        let output = self.ticket.answer().await?;
        decode_output(self.task, self.decode, output)
    }

    /// Cancels the work, waiting or running, and gives up its result. Nobody hears of how it ends.
    pub fn abort(self) {
        self.ticket.cancel();
    }

    /// Whether the work has come to its end, so that [`join`](Self::join) returns at once.
    pub fn is_finished(&self) -> bool {
        self.ticket.is_answered()
    }
}

impl<R> fmt::Debug for CastHandle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CastHandle")
            .field("task", &self.task)
            .finish_non_exhaustive()
    }
}
