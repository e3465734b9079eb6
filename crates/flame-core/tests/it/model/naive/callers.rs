//! What callers do.

use std::time::Instant;

use flame_core::pool::{CancelReason, DrainReason, PoolAction, PoolStage, RejectReason, WorkEnd};
use flame_core::{CallerId, RunnerId};

use super::super::caller::{Answer, Caller, Holds, Slot};
use super::{Grant, Naive, after};

/// A runner that returns this many calls in a row does not get another.
const RETURNS_IN_A_ROW: u32 = 3;

impl Naive {
    /// Somebody comes, waits after everybody else, and wakes up a pool that has let its last runners go. A
    /// pool that is to end takes nobody. Without a free slot there must be room in the queue; those who wait
    /// again take none from newcomers, and those who need left values none from others, nor do they wake up
    /// anything. Whoever was let in keeps its place.
    pub(super) fn checkout_requested(&mut self, caller: Caller) {
        let id = caller.id;
        if self.caller(id).is_some() {
            return self.ignore();
        }
        let pin = caller.pin;
        let waiting = self.waiting().into_iter();
        let beside = waiting.filter(|waiting| waiting.pin.is_some() == pin.is_some());
        let taken = beside.filter(|waiting| !waiting.was_granted).count();
        let has_slot = match pin {
            Some(pin) => self.place_beside(pin).is_some(),
            None => !self.best_runners().is_empty(),
        };
        let is_full = taken >= self.limits.max_queue() && !has_slot;
        let is_stranded = pin.is_some_and(|pin| self.slot_of_values(pin).is_none());
        self.callers.push(caller);
        if self.stage != PoolStage::Open {
            self.reject(id, RejectReason::PoolShutdown);
        } else if is_stranded {
            self.reject(id, RejectReason::ResidentsGone);
        } else if is_full {
            self.reject(id, RejectReason::QueueFull);
        }
        if pin.is_none() {
            self.floor = self.limits.min();
        }
    }

    /// A caller does not want its result any more. Its slot stays taken until the work has ended.
    pub(super) fn caller_gone(&mut self, id: CallerId, now: Instant) {
        match self.caller(id) {
            Some(caller) if caller.answer.is_none() => {
                self.answer(id, Answer::Left);
                self.cancel(id, CancelReason::CallerGone, now);
            }
            Some(_) | None => self.ignore(),
        }
    }

    /// Tells the runner to cancel a caller's work, once. Nobody wants its result, so it gets a grace; what
    /// a drain has cancelled has the grace of the drain. The end of the pool is an answer by itself.
    pub(super) fn cancel(&mut self, id: CallerId, reason: CancelReason, now: Instant) {
        let grace_until = match reason {
            CancelReason::CallerGone | CancelReason::DeadlinePassed => {
                after(now, self.timeouts.cancel_grace)
            }
            CancelReason::PoolShutdown | CancelReason::DrainTimeout => None,
        };
        if let Some(slot) = self.caller(id).and_then(|caller| caller.slot.as_mut())
            && (slot.holds == Holds::Work || reason == CancelReason::PoolShutdown)
        {
            slot.holds = Holds::CancelledWork { grace_until };
            let runner = slot.runner;
            self.act(PoolAction::CancelCall {
                caller: id,
                runner,
                reason,
            });
            if reason == CancelReason::PoolShutdown {
                self.answer(id, Answer::Ended(WorkEnd::Cancelled));
            }
        }
    }

    /// A child begins its life: its deadline does not count any more, and it is never begun again.
    pub(super) fn child_accepted(&mut self, id: CallerId) {
        match self.caller(id) {
            Some(child) if child.is_unborn_child() => {
                child.is_accepted = true;
                child.deadline = None;
                child.queue_deadline = None;
                child.retries = 0;
            }
            Some(_) | None => self.ignore(),
        }
    }

    /// The runner confirms that a caller's work has ended, however it ended.
    pub(super) fn call_ended(
        &mut self,
        id: CallerId,
        end: WorkEnd,
        left_behind: Option<Holds>,
        now: Instant,
    ) {
        let Some(runner) = self.runner_of_work(id) else {
            return self.ignore();
        };
        let Some(caller) = self.caller(id) else {
            return;
        };
        // Work that may have begun on a runner that was lost cannot be said not to have begun.
        let answer = match (end, caller.lost_on) {
            (WorkEnd::NotStarted, Some(_)) => Answer::Lost,
            (end, _) => Answer::Ended(end),
        };
        if caller.runs() {
            self.answer(id, answer);
        }
        if let Some(caller) = self.caller(id) {
            caller.slot = caller
                .slot
                .zip(left_behind)
                .map(|(slot, holds)| Slot { holds, ..slot });
        }
        self.pause.early_losses.end();
        if let Some(runner) = self.runner(runner) {
            runner.has_ended_a_call = true;
            runner.returns = 0;
        }
        self.note_idleness(runner, now);
    }

    /// The runner has not started a caller's work. Whoever still wants it waits again, where it stood in
    /// the queue before; nobody hears of the rest.
    pub(super) fn call_returned(&mut self, id: CallerId, now: Instant) {
        let Some(runner) = self.runner_of_work(id) else {
            return self.ignore();
        };
        let Some(caller) = self.caller(id) else {
            return;
        };
        caller.slot = None;
        caller.is_accepted = false;
        let (is_wanted, kind) = (caller.waits(), caller.kind);
        self.note_idleness(runner, now);
        if is_wanted {
            self.tally.push((kind, Grant::GivenBack));
            self.note_return(runner, now);
        }
    }

    fn note_return(&mut self, id: RunnerId, now: Instant) {
        let Some(runner) = self.runner(id) else {
            return;
        };
        runner.returns += 1;
        if runner.returns >= RETURNS_IN_A_ROW && runner.is_ready() {
            let reason = self.reason_to_go(id, DrainReason::OutOfStep);
            self.drain(id, reason, now);
        }
    }

    /// What an ended call left on its runner is gone.
    pub(super) fn residents_released(&mut self, id: CallerId, now: Instant) {
        match self.caller(id) {
            Some(caller) if caller.has_values() => {
                let slot = caller.slot.take();
                if let Some(slot) = slot {
                    self.note_idleness(slot.runner, now);
                }
            }
            Some(_) | None => self.ignore(),
        }
    }

    /// Where a caller's work is, wanted or not.
    fn runner_of_work(&mut self, id: CallerId) -> Option<RunnerId> {
        let caller = self.caller(id).filter(|caller| caller.works())?;
        caller.slot.map(|slot| slot.runner)
    }

    fn note_idleness(&mut self, id: RunnerId, now: Instant) {
        let used = self.used(id);
        if let Some(runner) = self.runner(id)
            && used == 0
        {
            runner.idle_since = now;
        }
    }
}
