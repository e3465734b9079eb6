//! Who needs values that an ended call has left, and where those are.

use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::{Books, CallerPage, Place};

impl Books {
    /// Those who wait for any runner.
    pub(crate) fn unpinned(&self) -> impl Iterator<Item = (CallerId, &CallerPage)> {
        self.waiting().filter(|(_, page)| page.pin.is_none())
    }

    /// Those who wait for a slot beside values, and for whose.
    pub(crate) fn pinned(&self) -> impl Iterator<Item = (CallerId, CallerId, &CallerPage)> {
        let waiting = self.waiting();
        waiting.filter_map(|(id, page)| Some((id, page.pin?, page)))
    }

    /// The runner and the slot of values that can be used.
    pub(crate) fn home_of(&self, group: CallerId) -> Option<(RunnerId, CallerId)> {
        let page = self.callers.get(&group)?;
        match page.place {
            Place::Resident { runner } if self.phase(runner) == Some(RunnerPhase::Ready) => {
                Some((runner, page.slot?))
            }
            Place::Resident { .. } | Place::Waiting | Place::Running { .. } | Place::Done => None,
        }
    }

    /// Whether work is in this slot.
    pub(crate) fn is_worked_in(&self, slot: CallerId) -> bool {
        self.callers.values().any(|page| {
            let works = matches!(page.place, Place::Running { .. });
            works && page.slot == Some(slot)
        })
    }

    /// Whether somebody who needs these values could have a slot.
    pub(crate) fn has_place_beside(&self, group: CallerId) -> bool {
        self.home_of(group).is_some_and(|(runner, slot)| {
            let has_room = || self.open().iter().any(|&(_, open)| open == runner);
            !self.is_worked_in(slot) || has_room()
        })
    }

    /// The slot that a caller takes who is granted one now: that of the values that it needs, unless a call works
    /// in it already.
    pub(crate) fn slot_for(&self, caller: CallerId) -> CallerId {
        let pin = self.callers.get(&caller).and_then(|page| page.pin);
        let home = pin.and_then(|group| self.home_of(group));
        let shared = home.map(|(_, slot)| slot);
        shared
            .filter(|&slot| !self.is_worked_in(slot))
            .unwrap_or(caller)
    }
}
