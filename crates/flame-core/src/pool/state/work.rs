//! What happens to granted work: it ends, is given back, cancelled, lost, or begun again.

use std::time::Instant;

use super::{PoolState, after};
use crate::id::CallerId;
use crate::pool::lease::{Interest, Lease, LeaseStage};
use crate::pool::{CallerKind, CancelReason, PoolAction, SlotAfter, TimerReason, WorkEnd};

impl PoolState {
    pub(super) fn call_ended(
        &mut self,
        caller: CallerId,
        end: WorkEnd,
        slot: SlotAfter,
        now: Instant,
    ) -> bool {
        let Some(lease) = self.leases.get(caller) else {
            return false;
        };
        let (stage, runner, kind) = (lease.stage, lease.runner, lease.ticket.kind);
        let was_lost = lease.ticket.lost_on.is_some();
        if stage == LeaseStage::Resident {
            return false;
        }
        if stage.is_awaited() {
            self.totals(kind).add_end(end, was_lost);
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

    pub(super) fn child_accepted(&mut self, caller: CallerId) -> bool {
        let Some(accepted) = self.leases.accept(caller) else {
            return false;
        };
        if let Some(at) = accepted.deadline {
            self.timers.stop(at, TimerReason::CallDeadline { caller });
        }
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
            self.totals(lease.ticket.kind).given_back += 1;
            self.roster
                .note(lease.runner, |runner| runner.returns_in_a_row += 1);
            let mut ticket = lease.ticket;
            ticket.had_slot = true;
            self.enqueue(ticket);
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

    /// Cancels work because of its runner; somebody may still wait for how it ends.
    pub(super) fn cancel_for_drain(&mut self, caller: CallerId) {
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
                reason: CancelReason::DrainTimeout,
            });
        }
    }

    /// Cancels work because of the pool's end, and answers its caller by that.
    pub(super) fn cancel_for_shutdown(&mut self, caller: CallerId) {
        let Some(lease) = self.leases.get(caller) else {
            return;
        };
        let (runner, kind, deadline) = (lease.runner, lease.ticket.kind, lease.ticket.deadline);
        if !lease.stage.is_awaited() {
            return;
        }
        if let Some(at) = deadline {
            self.timers.stop(at, TimerReason::CallDeadline { caller });
        }
        let interest = Interest::Answered;
        self.leases
            .set_stage(caller, LeaseStage::Cancelling { interest });
        self.totals(kind).cancelled += 1;
        self.act(PoolAction::CancelCall {
            caller,
            runner,
            reason: CancelReason::PoolShutdown,
        });
    }

    /// Ends a lease whose runner has ended.
    pub(super) fn lose(&mut self, caller: CallerId) {
        let Some((lease, _)) = self.leases.remove(caller) else {
            return;
        };
        self.stop_grace(&lease);
        let (runner, kind) = (lease.runner, lease.ticket.kind);
        if self.may_begin_again(&lease) {
            self.totals(kind).retried += 1;
            self.act(PoolAction::RetryCaller { caller, runner });
            let mut ticket = lease.ticket;
            ticket.had_slot = true;
            ticket.lost_on = Some(runner);
            ticket.retries -= 1;
            // It had its slot in time.
            ticket.queue_deadline = None;
            self.enqueue(ticket);
        } else if lease.stage.is_awaited() {
            self.stop_deadline(&lease.ticket);
            self.totals(kind).lost += 1;
            self.act(PoolAction::LoseCaller { caller, runner });
        } else if lease.stage == LeaseStage::Resident {
            self.act(PoolAction::LoseResidents { caller, runner });
        }
    }

    /// Whether the caller still waits for an answer to work that it was granted a slot for.
    pub(super) fn awaited(&self, caller: CallerId) -> Option<(LeaseStage, CallerKind)> {
        let lease = self.leases.get(caller)?;
        let awaited = (lease.stage, lease.ticket.kind);
        lease.stage.is_awaited().then_some(awaited)
    }

    /// Notes that nobody waits for the work any more, and cancels it unless that was done.
    pub(super) fn stop_awaiting(
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
        // A poisoned runner may have been kept for this caller alone.
        self.review(runner, now);
    }

    /// Work that was told to end is not begun again, nor is any when the pool shuts down. What it needed of its
    /// runner is lost with it.
    fn may_begin_again(&self, lease: &Lease) -> bool {
        let ticket = &lease.ticket;
        let is_wanted = lease.stage == LeaseStage::Running && self.stage.serves();
        is_wanted && ticket.retries > 0 && ticket.pin.is_none()
    }

    /// Ends a lease, whoever had it, and frees its slot.
    fn vacate(&mut self, caller: CallerId, now: Instant) {
        if let Some(lease) = self.give_back(caller, now)
            && lease.stage.is_awaited()
        {
            self.stop_deadline(&lease.ticket);
        }
    }

    /// Ends a lease and frees its slot; the caller's deadline goes on.
    fn give_back(&mut self, caller: CallerId, now: Instant) -> Option<Lease> {
        let (lease, share) = self.leases.remove(caller)?;
        self.stop_grace(&lease);
        self.roster.free_slot(lease.runner, caller, share, now);
        Some(lease)
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
