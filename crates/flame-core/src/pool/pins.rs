use std::collections::BTreeMap;

use super::CallerKind;
use super::kind::ByKind;
use super::queue::{Ticket, WaitQueue};
use crate::id::CallerId;

/// The callers that wait for a slot beside values which an ended call has left, in one queue for the values of each
/// such call. They can run nowhere else, so no other runner helps them, and nobody in the pool's queue stands before
/// or behind them except where both could have the same slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Pins {
    by_group: BTreeMap<CallerId, WaitQueue>,
    group_of: BTreeMap<CallerId, CallerId>,
    by_kind: ByKind<usize>,
    newcomers: usize,
}

impl Pins {
    pub(super) fn len(&self) -> usize {
        self.group_of.len()
    }

    /// How many of one kind wait.
    pub(super) fn len_of(&self, kind: CallerKind) -> usize {
        *self.by_kind.of(kind)
    }

    /// How many wait that never had a slot.
    pub(super) fn newcomers(&self) -> usize {
        self.newcomers
    }

    pub(super) fn is_empty(&self) -> bool {
        self.group_of.is_empty()
    }

    pub(super) fn contains(&self, caller: CallerId) -> bool {
        self.group_of.contains_key(&caller)
    }

    /// The calls for whose values somebody waits, and the arrival of whoever came first for them.
    pub(super) fn heads(&self) -> impl Iterator<Item = (CallerId, u64)> {
        let groups = self.by_group.iter();
        groups.filter_map(|(&group, queue)| Some((group, queue.first_arrival()?)))
    }

    pub(super) fn insert(&mut self, group: CallerId, ticket: Box<Ticket>) {
        *self.by_kind.of_mut(ticket.kind) += 1;
        self.newcomers += usize::from(!ticket.had_slot);
        self.group_of.insert(ticket.caller, group);
        self.by_group.entry(group).or_default().insert(ticket);
    }

    pub(super) fn remove(&mut self, caller: CallerId) -> Option<Box<Ticket>> {
        let group = self.group_of.get(&caller).copied()?;
        self.take(group, |queue| queue.remove(caller))
    }

    /// Takes out whoever has waited longest for these values.
    pub(super) fn pop_first_of(&mut self, group: CallerId) -> Option<Box<Ticket>> {
        self.take(group, WaitQueue::pop_first)
    }

    /// Takes out anybody.
    pub(super) fn pop_any(&mut self) -> Option<Box<Ticket>> {
        let group = self.by_group.keys().next().copied()?;
        self.pop_first_of(group)
    }

    fn take(
        &mut self,
        group: CallerId,
        take: impl FnOnce(&mut WaitQueue) -> Option<Box<Ticket>>,
    ) -> Option<Box<Ticket>> {
        let queue = self.by_group.get_mut(&group)?;
        let ticket = take(queue)?;
        if queue.is_empty() {
            self.by_group.remove(&group);
        }
        self.group_of.remove(&ticket.caller);
        *self.by_kind.of_mut(ticket.kind) -= 1;
        self.newcomers -= usize::from(!ticket.had_slot);
        Some(ticket)
    }
}
