use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use flame_core::CallerId;
use flame_core::pool::{CallerKind, PoolEvent};
use flame_core::terminator::Link;
use flame_proto::frame::Announce;
use flame_task::Outbound;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tokio_util::task::AbortOnDropHandle;

use super::handle::Owner;
use super::metrics::Fate;
use super::records::{Answer, CallRecord, Reply, Sent};
use crate::error::CallError;
use crate::trace::Around;

/// A call's place in the queue, and then on a runner.
pub(super) struct Ticket {
    /// Keeps the pool open.
    owner: Arc<Owner>,
    caller: CallerId,
    task: &'static str,
    answer: oneshot::Receiver<Sent>,
    /// What becomes of the work when this is dropped before its answer was taken.
    left: WhenLeft,
}

/// How patient a call is, and what becomes of it when nobody waits for it any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) timeout: Patience,
    pub(super) queue_timeout: Option<Duration>,
    /// How often the work may be begun again after its runner was lost.
    pub(super) retries: u32,
    pub(super) kind: CallerKind,
    pub(super) link: Link,
    pub(super) left: WhenLeft,
    /// When the runner says that the work lives, if it is placed.
    pub(super) announce: Announce,
}

/// How long a call may take in all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patience {
    /// As the pool says.
    OfThePool,
    /// As the call says; `None` is as long as it needs.
    Own(Option<Duration>),
}

/// What becomes of work when its caller leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenLeft {
    /// It is cancelled.
    Cancel,
    /// It goes on, and nobody hears how it ended.
    Detach,
    /// It goes on, and the pool's owner hears of its failure.
    DetachAndTell,
    /// It has its answer.
    Done,
}

impl Terms {
    /// Whether the work can be taken in at all.
    fn check(&self, work: &Outbound, limit: u64) -> Result<(), CallError> {
        let size = work.payload.size();
        if size > limit {
            return Err(CallError::PayloadTooLarge { size, limit });
        }
        if self.retries > 0 && !work.payload.ends.are_repeatable() {
            let task = work.name();
            return Err(CallError::NotRepeatable { task });
        }
        Ok(())
    }
}

impl Ticket {
    /// Asks for a slot. Whoever is refused at once is told so here.
    pub(super) fn submit(
        owner: Arc<Owner>,
        work: Outbound,
        terms: Terms,
        accepted: Option<oneshot::Sender<()>>,
    ) -> Result<Self, CallError> {
        let pool = owner.pool();
        let (sender, answer) = oneshot::channel();
        let now = pool.threads.now();
        let after = |patience: Option<Duration>| -> Option<Instant> { now.checked_add(patience?) };
        let task = work.name();
        let pin = pool.pin(&work)?;
        let unheard = (terms.left == WhenLeft::DetachAndTell).then(|| pool.unheard.clone());
        let around = Around::here();
        let mut inner = pool.lock();
        terms.check(&work, inner.settings.max_payload)?;
        let deadline = after(match terms.timeout {
            Patience::OfThePool => inner.settings.call_timeout,
            Patience::Own(patience) => patience,
        });
        inner.last_caller += 1;
        let caller = CallerId(inner.last_caller);
        let reply = Reply {
            sender,
            accepted,
            unheard,
        };
        let record = CallRecord::new(work, &terms, (now, deadline), reply, around);
        inner.calls.insert(caller, Box::new(record));
        let queue_deadline = after(terms.queue_timeout);
        let event = PoolEvent::CheckoutRequested {
            caller,
            kind: terms.kind,
            deadline,
            queue_deadline,
            retries: terms.retries,
            pin,
        };
        pool.handle_locked_at(&mut inner, event, now);
        let refused = !inner.calls.contains_key(&caller);
        drop(inner);
        let ticket = Self {
            owner,
            caller,
            task,
            answer,
            left: terms.left,
        };
        if refused {
            return ticket.refused();
        }
        Ok(ticket)
    }

    /// Nothing but a refusal ends a call within its own submission.
    fn refused(mut self) -> Result<Self, CallError> {
        self.left = WhenLeft::Done;
        match self.answer.try_recv() {
            Ok(Err(refusal)) => Err(*refusal),
            Ok(Ok(_)) | Err(TryRecvError::Empty | TryRecvError::Closed) => Ok(self),
        }
    }

    /// The call's answer, once it is here.
    pub(super) fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Answer> {
        let answer = ready!(Pin::new(&mut self.answer).poll(cx));
        self.left = WhenLeft::Done;
        // A record goes only after its answer was sent, or when the whole process goes.
        Poll::Ready(answer.map_or(Err(CallError::PoolShutdown), |answer| {
            answer.map(|output| *output).map_err(|error| *error)
        }))
    }

    /// From here on this becomes of the work when its caller leaves.
    pub(super) fn when_left(&mut self, left: WhenLeft) {
        if self.left != WhenLeft::Done {
            self.left = left;
        }
    }

    /// What the call is of.
    pub(super) fn task(&self) -> &'static str {
        self.task
    }

    /// Whether the answer is here.
    pub(super) fn is_answered(&self) -> bool {
        !self.answer.is_empty() || self.answer.is_terminated()
    }

    /// Ends when the pool's `shutdown_timeout` has passed from now on.
    pub(super) fn shutdown_timeout(&self) -> impl Future<Output = ()> + use<> {
        let pool = self.owner.pool();
        let timeout = pool.lock().settings.timeouts.shutdown_timeout;
        // The caller's runtime may have no timer, or one that is paused.
        let timer = pool.threads.spawn_control(tokio::time::sleep(timeout));
        let timer = AbortOnDropHandle::new(timer);
        async move {
            let _ = timer.await;
        }
    }

    /// Cancels the work, if it has not ended.
    pub(super) fn cancel(mut self) {
        self.left = WhenLeft::Cancel;
    }

    /// Nobody waits for the work any more, and it goes no further than that takes.
    fn abandon(&self) {
        let (pool, caller) = (self.owner.pool(), self.caller);
        let inner = &mut *pool.lock();
        let Some(record) = inner.calls.get_mut(&caller) else {
            return;
        };
        let meter = &mut inner.outlet.meter;
        meter.answered(record, Fate::Left, &pool.threads);
        record.reply = None;
        let running = record.running.is_some();
        pool.handle_locked(inner, PoolEvent::CallerGone { caller });
        if !running {
            inner.calls.remove(&caller);
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("caller", &self.caller)
            .field("task", &self.task())
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        match self.left {
            WhenLeft::Done | WhenLeft::Detach => {}
            WhenLeft::Cancel => self.abandon(),
            WhenLeft::DetachAndTell => {
                // From here on the sender finds nobody, and tells the failure itself.
                self.answer.close();
                match self.answer.try_recv() {
                    Ok(Err(error)) => self.owner.pool().unheard.tell(self.task(), *error),
                    Ok(Ok(_)) | Err(TryRecvError::Empty | TryRecvError::Closed) => {}
                }
            }
        }
    }
}
