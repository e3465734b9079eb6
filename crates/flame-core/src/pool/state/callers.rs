//! What happens to callers: they come, wait, run, end, are returned, leave, or run out of time.

use std::time::Instant;

use super::{PoolState, Stage, after};
use crate::id::CallerId;
use crate::pool::lease::{Interest, Lease, LeaseStage};
use crate::pool::queue::Ticket;
use crate::pool::{CancelReason, PoolAction, RejectReason, SlotAfter, TimerReason};

impl PoolState {
    pub(super) fn checkout(
        &mut self,
        caller: CallerId,
        deadline: Option<Instant>,
        queue_deadline: Option<Instant>,
    ) -> bool {
        if self.queue.contains(caller) || self.leases.get(caller).is_some() {
            return false;
        }
        self.totals.submitted += 1;
        let ticket = Ticket {
            caller,
            arrival: self.next_arrival,
            deadline,
            queue_deadline: queue_deadline
                .filter(|&at| deadline.is_none_or(|deadline| at < deadline)),
            returned: false,
        };
        self.next_arrival += 1;
        // Runners that went below the minimum for want of work are missed as soon as there is work.
        self.floor = self.limits.min();
        if let Some(at) = deadline {
            self.timers.set(at, TimerReason::CallDeadline { caller });
        }
        self.enqueue(ticket);
        true
    }

    pub(super) fn caller_gone(&mut self, caller: CallerId, now: Instant) -> bool {
        if self.dequeue(caller).is_some() {
            self.totals.left += 1;
            return true;
        }
        let Some(stage) = self.awaited_stage(caller) else {
            return false;
        };
        self.totals.left += 1;
        self.stop_awaiting(caller, stage, CancelReason::CallerGone, now);
        true
    }

    pub(super) fn call_ended(&mut self, caller: CallerId, slot: SlotAfter, now: Instant) -> bool {
        let Some(lease) = self.leases.get(caller) else {
            return false;
        };
        let (stage, runner) = (lease.stage, lease.runner);
        if stage == LeaseStage::Resident {
            return false;
        }
        if stage.is_awaited() {
            self.totals.completed += 1;
        }
        self.pause.call_ended();
        self.roster.note(runner, |runner| {
            runner.has_ended_a_call = true;
            runner.returns_in_a_row = 0;
        });
        match slot {
            SlotAfter::Free => {
                self.vacate(caller, now);
            }
            SlotAfter::KeptByResidents => {
                self.stop_lease_timers(caller);
                self.leases.set_stage(caller, LeaseStage::Resident);
            }
        }
        self.review(runner, now);
        true
    }

    pub(super) fn call_returned(&mut self, caller: CallerId, now: Instant) -> bool {
        let Some(stage) = self.leases.get(caller).map(|lease| lease.stage) else {
            return false;
        };
        if stage == LeaseStage::Resident {
            return false;
        }
        let Some(lease) = self.give_back(caller, now) else {
            return false;
        };
        if stage.is_awaited() {
            self.totals.returned += 1;
            self.roster
                .note(lease.runner, |runner| runner.returns_in_a_row += 1);
            self.enqueue(Ticket {
                returned: true,
                ..lease.ticket
            });
        }
        self.review(lease.runner, now);
        true
    }

    pub(super) fn residents_released(&mut self, caller: CallerId, now: Instant) -> bool {
        let Some(lease) = self.leases.get(caller) else {
            return false;
        };
        if lease.stage != LeaseStage::Resident {
            return false;
        }
        let runner = lease.runner;
        self.vacate(caller, now);
        self.review(runner, now);
        true
    }

    /// Turns away who has waited for long enough.
    pub(super) fn expire_waiting(&mut self, caller: CallerId) {
        if let Some(ticket) = self.queue.remove(caller) {
            self.stop_deadline(&ticket);
            self.reject(caller, RejectReason::QueueTimeout);
        }
    }

    /// Ends the whole patience of a caller, wherever it is.
    pub(super) fn expire(&mut self, caller: CallerId, now: Instant) {
        if let Some(ticket) = self.queue.remove(caller) {
            self.stop_queue_deadline(&ticket);
            self.reject(caller, RejectReason::QueueTimeout);
        } else if let Some(stage) = self.awaited_stage(caller) {
            self.totals.expired += 1;
            self.act(PoolAction::ExpireCaller { caller });
            self.stop_awaiting(caller, stage, CancelReason::DeadlinePassed, now);
        }
    }

    /// Tells everybody who waits that their work was not started.
    pub(super) fn reject_waiting(&mut self, reason: RejectReason) {
        while let Some(ticket) = self.queue.pop_first() {
            self.stop_ticket_timers(&ticket);
            self.reject(ticket.caller, reason);
        }
    }

    /// Tells whoever came last that too many wait already, if that is so.
    pub(super) fn turn_away(&mut self) {
        while self.queue.newcomers() > self.limits.max_queue() {
            let Some(caller) = self.queue.newest() else {
                return;
            };
            self.dequeue(caller);
            self.reject(caller, RejectReason::QueueFull);
        }
    }

    pub(super) fn grant_next(&mut self) -> bool {
        if self.queue.is_empty() {
            return false;
        }
        let Some(runner) = self.roster.choose() else {
            return false;
        };
        let Some(ticket) = self.queue.pop_first() else {
            return false;
        };
        self.stop_queue_deadline(&ticket);
        let caller = ticket.caller;
        self.totals.granted += 1;
        self.leases.insert(Lease {
            ticket,
            runner,
            stage: LeaseStage::Running,
            grace_until: None,
        });
        self.roster.take_slot(runner, caller);
        self.act(PoolAction::GrantSlot { caller, runner });
        true
    }

    /// Cancels work that somebody may still wait for.
    pub(super) fn cancel(&mut self, caller: CallerId, reason: CancelReason) {
        let Some(lease) = self.leases.get(caller) else {
            return;
        };
        if lease.stage == LeaseStage::Running {
            let runner = lease.runner;
            let interest = Interest::Waits;
            self.leases
                .set_stage(caller, LeaseStage::Cancelling { interest });
            self.act(PoolAction::CancelCall {
                caller,
                runner,
                reason,
            });
        }
    }

    /// Ends a lease, whoever had it, and frees its slot.
    pub(super) fn vacate(&mut self, caller: CallerId, now: Instant) {
        if let Some(lease) = self.give_back(caller, now)
            && lease.stage.is_awaited()
        {
            self.stop_deadline(&lease.ticket);
        }
    }

    /// Ends a lease whose runner has ended.
    pub(super) fn lose(&mut self, caller: CallerId) {
        let Some(lease) = self.leases.remove(caller) else {
            return;
        };
        self.stop_grace(&lease);
        let runner = lease.runner;
        if lease.stage.is_awaited() {
            self.stop_deadline(&lease.ticket);
        }
        if lease.stage.is_awaited() {
            self.totals.lost += 1;
            self.act(PoolAction::LoseCaller { caller, runner });
        } else if lease.stage == LeaseStage::Resident {
            self.act(PoolAction::LoseResidents { caller, runner });
        }
    }

    /// Ends a lease and frees its slot; the caller's deadline goes on.
    fn give_back(&mut self, caller: CallerId, now: Instant) -> Option<Lease> {
        let lease = self.leases.remove(caller)?;
        self.stop_grace(&lease);
        self.roster.free_slot(lease.runner, caller, now);
        Some(lease)
    }

    fn enqueue(&mut self, ticket: Ticket) {
        let caller = ticket.caller;
        if self.stage != Stage::Open {
            self.stop_deadline(&ticket);
            self.reject(caller, RejectReason::PoolShutdown);
            return;
        }
        if let Some(at) = ticket.queue_deadline {
            self.timers.set(at, TimerReason::QueueDeadline { caller });
        }
        self.queue.insert(ticket);
    }

    fn dequeue(&mut self, caller: CallerId) -> Option<Ticket> {
        let ticket = self.queue.remove(caller)?;
        self.stop_ticket_timers(&ticket);
        Some(ticket)
    }

    fn reject(&mut self, caller: CallerId, reason: RejectReason) {
        self.totals.rejected.add(reason);
        self.act(PoolAction::RejectCaller { caller, reason });
    }

    fn awaited_stage(&self, caller: CallerId) -> Option<LeaseStage> {
        let stage = self.leases.get(caller)?.stage;
        stage.is_awaited().then_some(stage)
    }

    /// Notes that nobody waits for the work any more, and cancels it unless that was done.
    fn stop_awaiting(
        &mut self,
        caller: CallerId,
        stage: LeaseStage,
        reason: CancelReason,
        now: Instant,
    ) {
        let Some(lease) = self.leases.get(caller) else {
            return;
        };
        let (runner, deadline) = (lease.runner, lease.ticket.deadline);
        if let Some(at) = deadline.filter(|_| reason != CancelReason::DeadlinePassed) {
            self.timers.stop(at, TimerReason::CallDeadline { caller });
        }
        let interest = Interest::Answered;
        self.leases
            .set_stage(caller, LeaseStage::Cancelling { interest });
        if stage == LeaseStage::Running {
            self.act(PoolAction::CancelCall {
                caller,
                runner,
                reason,
            });
            let until = after(now, self.timeouts.cancel_grace);
            if let Some(at) = until {
                self.timers.set(at, TimerReason::CancelGrace { caller });
            }
            self.leases.set_grace(caller, until);
        }
    }

    fn stop_ticket_timers(&mut self, ticket: &Ticket) {
        self.stop_queue_deadline(ticket);
        self.stop_deadline(ticket);
    }

    fn stop_queue_deadline(&mut self, ticket: &Ticket) {
        if let Some(at) = ticket.queue_deadline {
            let caller = ticket.caller;
            self.timers.stop(at, TimerReason::QueueDeadline { caller });
        }
    }

    fn stop_deadline(&mut self, ticket: &Ticket) {
        if let Some(at) = ticket.deadline {
            let caller = ticket.caller;
            self.timers.stop(at, TimerReason::CallDeadline { caller });
        }
    }

    fn stop_grace(&mut self, lease: &Lease) {
        if let Some(at) = lease.grace_until {
            let caller = lease.ticket.caller;
            self.timers.stop(at, TimerReason::CancelGrace { caller });
        }
    }

    fn stop_lease_timers(&mut self, caller: CallerId) {
        let Some(lease) = self.leases.get(caller) else {
            return;
        };
        if let Some(at) = lease.ticket.deadline.filter(|_| lease.stage.is_awaited()) {
            self.timers.stop(at, TimerReason::CallDeadline { caller });
        }
        if let Some(at) = lease.grace_until {
            self.timers.stop(at, TimerReason::CancelGrace { caller });
        }
        self.leases.set_grace(caller, None);
    }
}
