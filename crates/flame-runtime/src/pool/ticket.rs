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
use flame_task::{Entry, Outbound};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::handle::Owner;
use super::records::{Answer, CallRecord, Reply, Sent};
use crate::error::CallError;

/// A call's place in the queue, and then on a runner.
pub(super) struct Ticket {
    /// Keeps the pool open.
    owner: Arc<Owner>,
    caller: CallerId,
    task: &'static Entry,
    answer: oneshot::Receiver<Sent>,
    /// Whether placed work lives; of no use to other work.
    accepted: Option<oneshot::Receiver<()>>,
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
    /// Both ends of the news that placed work lives.
    fn announce_to(&self) -> (Option<oneshot::Sender<()>>, Option<oneshot::Receiver<()>>) {
        match self.announce {
            Announce::Never => (None, None),
            Announce::AtStart | Announce::WhenReady => {
                let (placed, accepted) = oneshot::channel();
                (Some(placed), Some(accepted))
            }
        }
    }
}

impl Ticket {
    /// Asks for a slot. Whoever is refused at once is told so here.
    pub(super) fn submit(
        owner: Arc<Owner>,
        work: Outbound,
        terms: Terms,
    ) -> Result<Self, CallError> {
        let pool = owner.pool();
        let (sender, answer) = oneshot::channel();
        let (placed, accepted) = terms.announce_to();
        let now = pool.threads.now();
        let after = |patience: Option<Duration>| -> Option<Instant> { now.checked_add(patience?) };
        let task = work.task;
        let pin = pool.pin(&work)?;
        let unheard = (terms.left == WhenLeft::DetachAndTell).then(|| pool.unheard.clone());
        let mut inner = pool.lock();
        check(&work, inner.settings.max_payload, terms.retries)?;
        let deadline = after(match terms.timeout {
            Patience::OfThePool => inner.settings.call_timeout,
            Patience::Own(patience) => patience,
        });
        inner.last_caller += 1;
        let caller = CallerId(inner.last_caller);
        let record = CallRecord {
            work,
            link: terms.link,
            submitted_at: now,
            deadline,
            grants: 0,
            announce: terms.announce,
            is_accepted: false,
            reply: Some(Reply {
                sender,
                accepted: placed,
                unheard,
            }),
            running: None,
            lost: None,
        };
        inner.calls.insert(caller, Box::new(record));
        let queue_deadline = after(terms.queue_timeout);
        pool.handle_locked(
            &mut inner,
            PoolEvent::CheckoutRequested {
                caller,
                kind: terms.kind,
                deadline,
                queue_deadline,
                retries: terms.retries,
                pin,
            },
        );
        let refused = !inner.calls.contains_key(&caller);
        drop(inner);
        let ticket = Self {
            owner,
            caller,
            task,
            answer,
            accepted,
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

    /// Whether placed work lives: once it does, or once it is certain that it does not. The answer then says why.
    pub(super) async fn lives(&mut self) -> bool {
        match self.accepted.take() {
            Some(accepted) => accepted.await.is_ok(),
            None => false,
        }
    }

    /// The call's answer, once it is here.
    pub(super) fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Answer> {
        let answer = ready!(Pin::new(&mut self.answer).poll(cx));
        self.left = WhenLeft::Done;
        // A record goes only after its answer was sent, or when the whole process goes.
        Poll::Ready(answer.map_or(Err(CallError::PoolShutdown), |answer| {
            answer.map_err(|error| *error)
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
        self.task.name()
    }

    /// Whether the answer is here.
    pub(super) fn is_answered(&self) -> bool {
        !self.answer.is_empty() || self.answer.is_terminated()
    }

    /// Cancels the work, if it has not ended.
    pub(super) fn cancel(mut self) {
        self.left = WhenLeft::Cancel;
    }

    /// Nobody waits for the work any more, and it goes no further than that takes.
    fn abandon(&self) {
        let (pool, caller) = (self.owner.pool(), self.caller);
        let mut inner = pool.lock();
        let Some(record) = inner.calls.get_mut(&caller) else {
            return;
        };
        record.reply = None;
        let running = record.running.is_some();
        pool.handle_locked(&mut inner, PoolEvent::CallerGone { caller });
        if !running {
            inner.calls.remove(&caller);
        }
    }
}

/// Whether the work may travel on these terms.
fn check(work: &Outbound, limit: u64, retries: u32) -> Result<(), CallError> {
    let size = work.payload.size();
    if size > limit {
        return Err(CallError::PayloadTooLarge { size, limit });
    }
    if retries > 0 && !work.payload.ends.are_repeatable() {
        let task = work.task.name();
        return Err(CallError::NotRepeatable { task });
    }
    Ok(())
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
