//! Who needs values that a call has left, and which slots are shared.

use std::collections::BTreeSet;

use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::ledger::{Node, Place, Use};
use super::scope::Scope;

impl Node {
    /// How many slots are taken on a runner, however many share one.
    pub(super) fn used(&self, runner: RunnerId) -> usize {
        let slots = self.on(runner).map(|(caller, _)| self.slots[&caller]);
        slots.collect::<BTreeSet<_>>().len()
    }

    /// Those who wait for any runner.
    pub(super) fn waiting_unpinned(&self) -> impl Iterator<Item = CallerId> {
        let waiting = self.waiting();
        waiting.filter(|caller| !self.pins.contains_key(caller))
    }

    /// Those who wait for left values, and for whose.
    pub(super) fn waiting_pinned(&self) -> impl Iterator<Item = (CallerId, CallerId)> {
        let waiting = self.waiting();
        waiting.filter_map(|caller| Some((caller, *self.pins.get(&caller)?)))
    }

    /// Where values are that can be used, and in which slot.
    pub(super) fn home_of(&self, group: CallerId) -> Option<(RunnerId, CallerId)> {
        match self.callers.get(&group) {
            Some(&Place::On {
                runner,
                what: Use::Values,
            }) if self.runners[&runner].phase == RunnerPhase::Ready => {
                Some((runner, self.slots[&group]))
            }
            Some(Place::On { .. } | Place::Waiting | Place::Over) | None => None,
        }
    }

    /// Whether a caller that needs these values could have a slot.
    pub(super) fn has_place_beside(&self, group: CallerId, scope: &Scope) -> bool {
        self.home_of(group).is_some_and(|(runner, slot)| {
            !self.is_worked_in(runner, slot) || self.is_open(runner, scope)
        })
    }

    /// The slot that a caller takes who is granted one on this runner now.
    pub(super) fn slot_for(&self, caller: CallerId) -> CallerId {
        let pin = self.pins.get(&caller).copied();
        match pin.and_then(|group| self.home_of(group)) {
            Some((runner, slot)) if !self.is_worked_in(runner, slot) => slot,
            Some(_) | None => caller,
        }
    }

    /// Who has waited longest of those that could have this slot, which is new if it is the caller's own.
    pub(super) fn first_for(&self, caller: CallerId, runner: RunnerId) -> Option<CallerId> {
        let slot = self.slot_for(caller);
        let could_have_it = |other: &CallerId| match self.pins.get(other) {
            None => slot == caller,
            Some(&group) => self
                .home_of(group)
                .is_some_and(|(home, its)| home == runner && (slot == caller || its == slot)),
        };
        self.waiting().find(could_have_it)
    }

    fn is_worked_in(&self, runner: RunnerId, slot: CallerId) -> bool {
        let mut on_it = self.on(runner);
        on_it.any(|(caller, what)| what != Use::Values && self.slots[&caller] == slot)
    }
}
