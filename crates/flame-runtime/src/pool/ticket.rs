use std::sync::Arc;
use std::time::{Duration, Instant};

use flame_core::CallerId;
use flame_core::pool::{CallerKind, PoolEvent};
use flame_core::terminator::Link;
use flame_task::Outbound;
use tokio::sync::oneshot;

use super::records::{Answer, CallRecord};
use super::shared::Shared;
use crate::error::CallError;

/// A call's place in the queue, and then on a runner. Dropped before the answer, it cancels the call.
#[derive(Debug)]
pub(super) struct Ticket {
    pool: Arc<Shared>,
    caller: CallerId,
    answer: oneshot::Receiver<Answer>,
    open: bool,
}

/// How patient a call is, and what becomes of it when nobody waits for it any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) timeout: Option<Duration>,
    pub(super) queue_timeout: Option<Duration>,
    pub(super) link: Link,
}

impl Ticket {
    /// Asks for a slot.
    pub(super) fn submit(
        pool: &Arc<Shared>,
        work: Outbound,
        terms: Terms,
    ) -> Result<Self, CallError> {
        let (size, limit) = (work.payload.size(), pool.settings.max_payload);
        if size > limit {
            return Err(CallError::PayloadTooLarge { size, limit });
        }
        let (sender, answer) = oneshot::channel();
        let now = pool.threads.now();
        let after = |patience: Option<Duration>| -> Option<Instant> { now.checked_add(patience?) };
        let deadline = after(terms.timeout);
        let mut inner = pool.lock();
        inner.last_caller += 1;
        let caller = CallerId(inner.last_caller);
        inner.calls.insert(
            caller,
            CallRecord {
                work,
                link: terms.link,
                submitted_at: now,
                deadline,
                grants: 0,
                answer: Some(sender),
                running: None,
                lost: None,
            },
        );
        let queue_deadline = after(terms.queue_timeout);
        pool.handle_locked(
            &mut inner,
            PoolEvent::CheckoutRequested {
                caller,
                kind: CallerKind::Call,
                deadline,
                queue_deadline,
                retries: 0,
            },
        );
        drop(inner);
        Ok(Self {
            pool: pool.clone(),
            caller,
            answer,
            open: terms.link == Link::Linked,
        })
    }

    /// The call's answer.
    pub(super) async fn answer(mut self) -> Answer {
        let answer = (&mut self.answer).await;
        self.open = false;
        // A record goes only after its answer was sent, or when the whole process goes.
        answer.unwrap_or(Err(CallError::PoolShutdown))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        let mut inner = self.pool.lock();
        if let Some(record) = inner.calls.get_mut(&self.caller) {
            record.answer = None;
            let running = record.running.is_some();
            self.pool.handle_locked(
                &mut inner,
                PoolEvent::CallerGone {
                    caller: self.caller,
                },
            );
            if !running {
                inner.calls.remove(&self.caller);
            }
        }
    }
}
