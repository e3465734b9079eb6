use std::collections::BTreeMap;
use std::time::Instant;

use super::CallerKind;
use super::kind::ByKind;
use crate::id::{CallerId, RunnerId};

/// A caller's place in the queue. It keeps its arrival number for life, so that a caller whose work was
/// given back, or lost, stands where it stood before. It moves between queues and leases in its box.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ticket {
    pub(super) caller: CallerId,
    pub(super) kind: CallerKind,
    pub(super) arrival: u64,
    /// When its whole patience ends, waiting or running.
    pub(super) deadline: Option<Instant>,
    /// When it gives up waiting, if that is before `deadline`.
    pub(super) queue_deadline: Option<Instant>,
    /// How often its work may be begun again after its runner was lost.
    pub(super) retries: u32,
    /// The call whose left values it needs.
    pub(super) pin: Option<CallerId>,
    /// Whether it had a slot before.
    pub(super) had_slot: bool,
    /// The runner that was lost with its work; who has one cannot be told that nothing was started.
    pub(super) lost_on: Option<RunnerId>,
}

/// The waiting callers in order of arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct WaitQueue {
    /// In boxes: a map that grows at its end is half empty, and many may wait.
    by_arrival: BTreeMap<u64, Box<Ticket>>,
    arrivals: BTreeMap<CallerId, u64>,
    by_kind: ByKind<usize>,
    had_slot: usize,
}

impl WaitQueue {
    pub(super) fn len(&self) -> usize {
        self.by_arrival.len()
    }

    /// How many of one kind wait.
    pub(super) fn len_of(&self, kind: CallerKind) -> usize {
        *self.by_kind.of(kind)
    }

    /// How many wait that never had a slot.
    pub(super) fn newcomers(&self) -> usize {
        self.by_arrival.len() - self.had_slot
    }

    pub(super) fn contains(&self, caller: CallerId) -> bool {
        self.arrivals.contains_key(&caller)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_arrival.is_empty()
    }

    /// The arrival number of whoever has waited longest.
    pub(super) fn first_arrival(&self) -> Option<u64> {
        self.by_arrival.keys().next().copied()
    }

    pub(super) fn insert(&mut self, ticket: Box<Ticket>) {
        self.had_slot += usize::from(ticket.had_slot);
        *self.by_kind.of_mut(ticket.kind) += 1;
        self.arrivals.insert(ticket.caller, ticket.arrival);
        let before = self.by_arrival.insert(ticket.arrival, ticket);
        debug_assert!(before.is_none(), "two callers have one arrival number");
    }

    pub(super) fn remove(&mut self, caller: CallerId) -> Option<Box<Ticket>> {
        let arrival = self.arrivals.remove(&caller)?;
        let ticket = self.by_arrival.remove(&arrival)?;
        self.forget(&ticket);
        Some(ticket)
    }

    /// Takes out whoever has waited longest.
    pub(super) fn pop_first(&mut self) -> Option<Box<Ticket>> {
        let (_, ticket) = self.by_arrival.pop_first()?;
        self.arrivals.remove(&ticket.caller);
        self.forget(&ticket);
        Some(ticket)
    }

    fn forget(&mut self, ticket: &Ticket) {
        self.had_slot -= usize::from(ticket.had_slot);
        *self.by_kind.of_mut(ticket.kind) -= 1;
    }
}
