//! Placing: work that lives on a runner after its caller has been told that it began.

use std::future::poll_fn;
use std::time::Duration;

use flame_core::pool::CallerKind;
use flame_core::terminator::Link;
use flame_proto::frame::Announce;
use flame_task::Task;
use tokio::sync::oneshot;

use super::handle::Started;
use super::pending::{Pending, Work};
use super::ticket::{Patience, Terms, WhenLeft};
use crate::error::CallError;

/// The terms on which something is placed on a runner.
#[derive(Clone, Copy, Debug)]
#[must_use = "options do nothing until something is placed with them"]
pub struct PlaceOptions {
    timeout: Patience,
    queue_timeout: Option<Duration>,
    link: Link,
}

impl PlaceOptions {
    /// The pool's `timeout` for it to begin, and linked to its handle.
    pub const fn new() -> Self {
        Self {
            timeout: Patience::OfThePool,
            queue_timeout: None,
            link: Link::Linked,
        }
    }

    /// How long it may take until what is placed lives: waiting for a slot, boots, and the start itself. The pool's
    /// `timeout` unless set. How long it then lives has no limit.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Patience::Own(Some(timeout));
        self
    }

    /// Lets it take as long as it needs to begin.
    pub const fn no_timeout(mut self) -> Self {
        self.timeout = Patience::Own(None);
        self
    }

    /// How long it may wait for a slot, boots included, if less than its whole patience.
    pub const fn queue_timeout(mut self, timeout: Duration) -> Self {
        self.queue_timeout = Some(timeout);
        self
    }

    /// Lets it live on when its handle is dropped, and for `shutdown_timeout` more when this process is lost. Nobody
    /// then hears how it ends.
    pub const fn detached(mut self) -> Self {
        self.link = Link::Detached;
        self
    }

    pub(super) const fn is_detached(&self) -> bool {
        matches!(self.link, Link::Detached)
    }

    fn terms(self, announce: Announce) -> Terms {
        Terms {
            timeout: self.timeout,
            queue_timeout: self.queue_timeout,
            // What has begun to live is never begun again.
            retries: 0,
            kind: CallerKind::Child,
            link: self.link,
            left: match self.link {
                Link::Linked => WhenLeft::Cancel,
                Link::Detached => WhenLeft::Detach,
            },
            announce,
        }
    }
}

impl Default for PlaceOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// What became of placed work at its beginning.
pub(super) enum Begun<R> {
    /// It lives, and its end is to come.
    Lives(Pending<R>),
    /// It ended before it lived.
    Ended(R),
}

/// Waits until the work lives. Dropping the future cancels it.
pub(super) async fn place<R>(
    pool: Started,
    task: Task<R>,
    options: PlaceOptions,
    announce: Announce,
) -> Result<Begun<R>, CallError> {
    let mut terms = options.terms(announce);
    // Nobody has a handle yet, so nobody can have meant to leave it alone.
    let left = std::mem::replace(&mut terms.left, WhenLeft::Cancel);
    let (sender, accepted) = oneshot::channel();
    let mut pending = Pending::place(pool, Work::of(task), terms, sender)?;
    if accepted.await.is_ok() {
        pending.when_left(left);
        return Ok(Begun::Lives(pending));
    }
    let result = poll_fn(|cx| pending.poll_result(cx)).await?;
    Ok(Begun::Ended(result))
}
