use std::collections::BTreeMap;
use std::time::Instant;

use crate::id::CallerId;

/// A caller's place in the queue. It keeps its arrival number for life, so that a caller whose work was
/// returned stands where it stood before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ticket {
    pub(super) caller: CallerId,
    pub(super) arrival: u64,
    /// When its whole patience ends, waiting or running.
    pub(super) deadline: Option<Instant>,
    /// When it gives up waiting, if that is before `deadline`.
    pub(super) queue_deadline: Option<Instant>,
    /// Whether it had a slot before.
    pub(super) returned: bool,
}

/// The waiting callers in order of arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct WaitQueue {
    by_arrival: BTreeMap<u64, Ticket>,
    arrivals: BTreeMap<CallerId, u64>,
    returned: usize,
}

impl WaitQueue {
    pub(super) fn len(&self) -> usize {
        self.by_arrival.len()
    }

    /// How many wait that never had a slot.
    pub(super) fn newcomers(&self) -> usize {
        self.by_arrival.len() - self.returned
    }

    pub(super) fn contains(&self, caller: CallerId) -> bool {
        self.arrivals.contains_key(&caller)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_arrival.is_empty()
    }

    pub(super) fn insert(&mut self, ticket: Ticket) {
        self.returned += usize::from(ticket.returned);
        self.arrivals.insert(ticket.caller, ticket.arrival);
        let before = self.by_arrival.insert(ticket.arrival, ticket);
        debug_assert!(before.is_none(), "two callers have one arrival number");
    }

    pub(super) fn remove(&mut self, caller: CallerId) -> Option<Ticket> {
        let arrival = self.arrivals.remove(&caller)?;
        let ticket = self.by_arrival.remove(&arrival)?;
        self.returned -= usize::from(ticket.returned);
        Some(ticket)
    }

    /// Takes out whoever has waited longest.
    pub(super) fn pop_first(&mut self) -> Option<Ticket> {
        let (_, ticket) = self.by_arrival.pop_first()?;
        self.arrivals.remove(&ticket.caller);
        self.returned -= usize::from(ticket.returned);
        Some(ticket)
    }

    /// Who came last.
    pub(super) fn newest(&self) -> Option<CallerId> {
        let (_, ticket) = self.by_arrival.last_key_value()?;
        Some(ticket.caller)
    }
}
