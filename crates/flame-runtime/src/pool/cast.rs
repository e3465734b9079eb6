use std::fmt;
use std::future::poll_fn;
use std::time::Duration;

use flame_core::pool::CallerKind;
use flame_core::terminator::Link;
use flame_proto::frame::Announce;
use flame_task::Task;

use super::handle::Started;
use super::pending::{Pending, Work};
use super::ticket::{Patience, Terms, WhenLeft};
use crate::error::CallError;

/// Work that goes on without its caller.
///
/// Made by [`Pool::cast`](super::Pool::cast). **Dropping it detaches**: the work goes on, and should it fail, the
/// pool's [`on_cast_error`](super::PoolBuilder::on_cast_error) hears of it. Each failure is told once: to
/// [`join`](Self::join), or to that handler when nobody joined.
///
/// A task that is itself fallible has its own `Result` as its result, which is no failure of the cast and which
/// only `join` brings back.
#[must_use = "dropping it detaches the work, as `drop(handle)` says more clearly"]
pub struct CastHandle<R>(Pending<R>);

/// The terms of a cast. It has no deadline unless given one.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "options do nothing until they are given to `cast_with`"]
pub struct CastOptions {
    timeout: Option<Duration>,
    queue_timeout: Option<Duration>,
    retries: u32,
}

impl CastOptions {
    /// No deadline, and no second try.
    pub const fn new() -> Self {
        Self {
            timeout: None,
            queue_timeout: None,
            retries: 0,
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

    /// Lets the work be begun again, at most `retries` times, when its runner was lost: see
    /// [`Call::idempotent`](super::Call::idempotent).
    pub const fn idempotent(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }
}

impl<R> CastHandle<R> {
    pub(super) fn submit(
        pool: Started,
        task: Task<R>,
        options: CastOptions,
    ) -> Result<Self, CallError> {
        let terms = Terms {
            timeout: Patience::Own(options.timeout),
            queue_timeout: options.queue_timeout,
            retries: options.retries,
            kind: CallerKind::Cast,
            link: Link::Detached,
            left: WhenLeft::DetachAndTell,
            announce: Announce::Never,
        };
        Pending::submit(pool, Work::of(task), terms).map(Self)
    }

    /// Waits for the result. Dropping the future detaches, as dropping the handle does.
    ///
    /// # Errors
    ///
    /// As for a [`Call`](super::Call).
    pub async fn join(mut self) -> Result<R, CallError> {
        poll_fn(|cx| self.0.poll_result(cx)).await
    }

    /// Cancels the work, waiting or running, and gives up its result. Nobody hears of how it ends.
    pub fn abort(self) {
        self.0.cancel();
    }

    /// Whether the work has come to its end, so that [`join`](Self::join) returns at once.
    pub fn is_finished(&self) -> bool {
        self.0.ticket().is_answered()
    }
}

impl<R> fmt::Debug for CastHandle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CastHandle")
            .field(&self.0.ticket().task())
            .finish()
    }
}
