//! What happens to callers: they come, wait, are granted a slot, leave, or run out of time.

use std::time::Instant;

use super::PoolState;
use crate::id::{CallerId, RunnerId};
use crate::pool::lease::{Lease, LeaseStage};
use crate::pool::queue::Ticket;
use crate::pool::{
    CallerKind, CancelReason, PoolAction, PoolStage, PoolTotals, RejectReason, TimerReason,
};

impl PoolState {
    /// Takes in a newcomer. Its arrival number is the next one.
    pub(super) fn checkout(&mut self, ticket: Box<Ticket>) -> bool {
        let (caller, kind) = (ticket.caller, ticket.kind);
        if self.is_waiting(caller) || self.leases.get(caller).is_some() {
            return false;
        }
        self.next_arrival = ticket.arrival + 1;
        self.totals(kind).submitted += 1;
        // Runners that went below the minimum for want of work are missed as soon as there is work for them.
        if ticket.pin.is_none() {
            self.floor = self.limits.min();
        }
        if let Some(reason) = self.reason_to_turn_away(ticket.pin) {
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
        if let Some(ticket) = self.take_waiting(caller) {
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
        if let Some(ticket) = self.take_waiting(caller) {
            self.stop_deadline(&ticket);
            self.reject(&ticket, RejectReason::QueueTimeout);
        }
    }

    /// Ends the whole patience of a caller, wherever it is.
    pub(super) fn expire(&mut self, caller: CallerId, now: Instant) {
        if let Some(ticket) = self.take_waiting(caller) {
            self.stop_queue_deadline(&ticket);
            self.reject(&ticket, RejectReason::QueueTimeout);
        } else if let Some((stage, kind)) = self.awaited(caller) {
            self.totals(kind).expired += 1;
            self.act(PoolAction::ExpireCaller { caller });
            self.stop_awaiting(caller, stage, CancelReason::DeadlinePassed, now);
        }
    }

    /// Tells everybody who waits for any runner that their work will not be started.
    pub(super) fn reject_unpinned(&mut self, reason: RejectReason) {
        while let Some(ticket) = self.queue.pop_first() {
            self.turn_out(&ticket, reason);
        }
    }

    /// Tells everybody who waits that their work will not be started.
    pub(super) fn reject_waiting(&mut self, reason: RejectReason) {
        self.reject_unpinned(reason);
        while let Some(ticket) = self.pins.pop_any() {
            self.turn_out(&ticket, reason);
        }
    }

    /// Grants a slot to whoever came first of those that can have one.
    pub(super) fn grant_next(&mut self) -> bool {
        let pinned = self.next_pinned();
        let unpinned = self.queue.first_arrival().zip(self.roster.choose());
        match (pinned, unpinned) {
            (Some((arrival, group, place)), unpinned)
                if unpinned.is_none_or(|(other, _)| arrival < other) =>
            {
                if let Some(ticket) = self.pins.pop_first_of(group) {
                    let slot = place.slot.unwrap_or(ticket.arrival);
                    self.grant(ticket, place.runner, slot);
                }
                true
            }
            (_, Some((arrival, runner))) => {
                if let Some(ticket) = self.queue.pop_first() {
                    self.grant(ticket, runner, arrival);
                }
                true
            }
            (_, None) => false,
        }
    }

    fn grant(&mut self, ticket: Box<Ticket>, runner: RunnerId, slot: u64) {
        self.stop_queue_deadline(&ticket);
        let caller = ticket.caller;
        self.totals(ticket.kind).granted += 1;
        let share = self.leases.insert(Lease {
            ticket,
            runner,
            stage: LeaseStage::Running,
            slot,
            grace_until: None,
            is_accepted: false,
        });
        self.roster.take_slot(runner, caller, share);
        self.act(PoolAction::GrantSlot { caller, runner });
    }

    /// Lets a caller wait, for the first time or again; its deadline is set already.
    pub(super) fn enqueue(&mut self, ticket: Box<Ticket>) {
        if !self.stage.serves() {
            self.stop_deadline(&ticket);
            self.reject(&ticket, RejectReason::PoolShutdown);
            return;
        }
        if let Some(at) = ticket.queue_deadline {
            let caller = ticket.caller;
            self.timers.set(at, TimerReason::QueueDeadline { caller });
        }
        match ticket.pin {
            Some(group) => self.pins.insert(group, ticket),
            None => self.queue.insert(ticket),
        }
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
    fn reason_to_turn_away(&self, pin: Option<CallerId>) -> Option<RejectReason> {
        // Nobody waits beside a free slot, so one that is free is the newcomer's.
        let (has_slot, newcomers) = match pin {
            Some(group) => (self.place_beside(group).is_some(), self.pins.newcomers()),
            None => (self.roster.choose().is_some(), self.queue.newcomers()),
        };
        let has_room = has_slot || newcomers < self.limits.max_queue();
        let is_stranded = pin.is_some_and(|group| self.home_of(group).is_none());
        match self.stage {
            PoolStage::Open if is_stranded => Some(RejectReason::ResidentsGone),
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

    /// Tells a caller that waited, and was just taken out of its queue, why it waits no more.
    pub(super) fn turn_out(&mut self, ticket: &Ticket, reason: RejectReason) {
        self.stop_ticket_timers(ticket);
        self.reject(ticket, reason);
    }

    fn is_waiting(&self, caller: CallerId) -> bool {
        self.queue.contains(caller) || self.pins.contains(caller)
    }

    fn take_waiting(&mut self, caller: CallerId) -> Option<Box<Ticket>> {
        let unpinned = self.queue.remove(caller);
        unpinned.or_else(|| self.pins.remove(caller))
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
