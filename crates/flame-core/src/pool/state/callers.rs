//! What happens to callers: they come, wait, are granted a slot, leave, or run out of time.

use std::time::Instant;

use super::PoolState;
use crate::id::CallerId;
use crate::pool::lease::{Lease, LeaseStage};
use crate::pool::queue::Ticket;
use crate::pool::{
    CallerKind, CancelReason, PoolAction, PoolStage, PoolTotals, RejectReason, TimerReason,
};

impl PoolState {
    /// Takes in a newcomer. Its arrival number is the next one.
    pub(super) fn checkout(&mut self, ticket: Ticket) -> bool {
        let (caller, kind) = (ticket.caller, ticket.kind);
        if self.queue.contains(caller) || self.leases.get(caller).is_some() {
            return false;
        }
        self.next_arrival = ticket.arrival + 1;
        self.totals(kind).submitted += 1;
        // Runners that went below the minimum for want of work are missed as soon as there is work.
        self.floor = self.limits.min();
        if let Some(reason) = self.reason_to_turn_away() {
            self.reject(&ticket, reason);
            return true;
        }
        if let Some(at) = ticket.deadline {
            self.timers.set(at, TimerReason::CallDeadline { caller });
        }
        self.enqueue(ticket);
        true
    }

    pub(super) fn caller_gone(&mut self, caller: CallerId, now: Instant) -> bool {
        if let Some(ticket) = self.queue.remove(caller) {
            self.stop_ticket_timers(&ticket);
            self.totals(ticket.kind).left += 1;
            return true;
        }
        let Some((stage, kind)) = self.awaited(caller) else {
            return false;
        };
        self.totals(kind).left += 1;
        self.stop_awaiting(caller, stage, CancelReason::CallerGone, now);
        true
    }

    /// Turns away who has waited for long enough.
    pub(super) fn expire_waiting(&mut self, caller: CallerId) {
        if let Some(ticket) = self.queue.remove(caller) {
            self.stop_deadline(&ticket);
            self.reject(&ticket, RejectReason::QueueTimeout);
        }
    }

    /// Ends the whole patience of a caller, wherever it is.
    pub(super) fn expire(&mut self, caller: CallerId, now: Instant) {
        if let Some(ticket) = self.queue.remove(caller) {
            self.stop_queue_deadline(&ticket);
            self.reject(&ticket, RejectReason::QueueTimeout);
        } else if let Some((stage, kind)) = self.awaited(caller) {
            self.totals(kind).expired += 1;
            self.act(PoolAction::ExpireCaller { caller });
            self.stop_awaiting(caller, stage, CancelReason::DeadlinePassed, now);
        }
    }

    /// Tells everybody who waits that their work will not be started.
    pub(super) fn reject_waiting(&mut self, reason: RejectReason) {
        while let Some(ticket) = self.queue.pop_first() {
            self.stop_ticket_timers(&ticket);
            self.reject(&ticket, reason);
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
        self.totals(ticket.kind).granted += 1;
        self.leases.insert(Lease {
            ticket,
            runner,
            stage: LeaseStage::Running,
            grace_until: None,
            is_accepted: false,
        });
        self.roster.take_slot(runner, caller);
        self.act(PoolAction::GrantSlot { caller, runner });
        true
    }

    /// Lets a caller wait, for the first time or again; its deadline is set already.
    pub(super) fn enqueue(&mut self, ticket: Ticket) {
        if !self.stage.serves() {
            self.stop_deadline(&ticket);
            self.reject(&ticket, RejectReason::PoolShutdown);
            return;
        }
        if let Some(at) = ticket.queue_deadline {
            let caller = ticket.caller;
            self.timers.set(at, TimerReason::QueueDeadline { caller });
        }
        self.queue.insert(ticket);
    }

    pub(super) fn stop_deadline(&mut self, ticket: &Ticket) {
        if let Some(at) = ticket.deadline {
            let caller = ticket.caller;
            self.timers.stop(at, TimerReason::CallDeadline { caller });
        }
    }

    pub(super) fn totals(&mut self, kind: CallerKind) -> &mut PoolTotals {
        self.totals.of_mut(kind)
    }

    /// Decides at the door: whoever was let in keeps its place, whatever the limits become.
    fn reason_to_turn_away(&self) -> Option<RejectReason> {
        // Nobody waits beside a free slot, so one that is free is the newcomer's.
        let has_room =
            self.roster.choose().is_some() || self.queue.newcomers() < self.limits.max_queue();
        match self.stage {
            PoolStage::Open => (!has_room).then_some(RejectReason::QueueFull),
            PoolStage::Draining
            | PoolStage::ShuttingDown
            | PoolStage::Killing
            | PoolStage::Ended => Some(RejectReason::PoolShutdown),
        }
    }

    /// Tells a caller that waited why it waits no more. That nothing was started would be a lie to one
    /// whose runner was lost before.
    fn reject(&mut self, ticket: &Ticket, reason: RejectReason) {
        let caller = ticket.caller;
        if let Some(runner) = ticket.lost_on {
            self.totals(ticket.kind).lost += 1;
            self.act(PoolAction::LoseCaller { caller, runner });
        } else {
            self.totals(ticket.kind).rejected.add(reason);
            self.act(PoolAction::RejectCaller { caller, reason });
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
}
