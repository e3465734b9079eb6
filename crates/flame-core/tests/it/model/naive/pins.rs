//! Those who need values that another call has left.

use flame_core::pool::RejectReason;
use flame_core::{CallerId, RunnerId};

use super::super::caller::{Caller, Slot};
use super::Naive;

impl Naive {
    /// Those who wait for any runner. The others are no reason to have more of them.
    pub(super) fn waiting_unpinned(&self) -> Vec<&Caller> {
        let waiting = self.waiting().into_iter();
        waiting.filter(|caller| caller.pin.is_none()).collect()
    }

    /// Where values are that can be used: their runner takes calls.
    pub(super) fn slot_of_values(&self, id: CallerId) -> Option<Slot> {
        let keeper = self.callers.iter().find(|caller| caller.id == id)?;
        let slot = keeper.slot.filter(|_| keeper.has_values())?;
        let runner = self
            .runners
            .iter()
            .find(|runner| runner.id == slot.runner)?;
        runner.is_ready().then_some(slot)
    }

    /// Where a call that needs these values could run now: in their slot, which one call at a time may share, or
    /// else in a free slot of their runner. Gives the runner and who took the slot first, if somebody did.
    pub(super) fn place_beside(&self, id: CallerId) -> Option<(RunnerId, Option<CallerId>)> {
        let slot = self.slot_of_values(id)?;
        let shares = |caller: &&Caller| caller.slot.is_some_and(|other| other.first == slot.first);
        if !self.callers.iter().filter(shares).any(Caller::works) {
            Some((slot.runner, Some(slot.first)))
        } else if self.has_room(slot.runner) {
            Some((slot.runner, None))
        } else {
            None
        }
    }

    /// Whoever needs values that cannot be used any more is told.
    pub(super) fn reject_the_stranded(&mut self) {
        let is_stranded = |caller: &&&Caller| {
            let pin = caller.pin;
            pin.is_some_and(|pin| self.slot_of_values(pin).is_none())
        };
        let waiting = self.waiting();
        let stranded = waiting.iter().filter(is_stranded);
        for caller in stranded.map(|caller| caller.id).collect::<Vec<_>>() {
            self.reject(caller, RejectReason::ResidentsGone);
        }
    }
}
