//! What is promised to callers that need values which an ended call has left on its runner.

use super::PoolState;
use crate::id::{CallerId, RunnerId};
use crate::pool::RejectReason;
use crate::pool::lease::{LeaseStage, Occupancy};
use crate::runner::RunnerPhase;

/// A slot that a pinned caller may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) runner: RunnerId,
    /// The slot that the values keep, if that is the one.
    pub(super) slot: Option<u64>,
}

impl PoolState {
    /// Whoever waits longest of those that are pinned and have a place: its arrival, the call whose values it needs,
    /// and the place. This looks at everybody who is first for some values.
    pub(super) fn next_pinned(&self) -> Option<(u64, CallerId, Place)> {
        let placed = self.pins.heads().filter_map(|(group, arrival)| {
            let place = self.place_beside(group)?;
            Some((arrival, group, place))
        });
        placed.min_by_key(|&(arrival, ..)| arrival)
    }

    /// Where a call that needs these values could run now: in their slot, or in a free one beside it.
    pub(super) fn place_beside(&self, group: CallerId) -> Option<Place> {
        let (runner, slot) = self.home_of(group)?;
        match self.leases.occupancy(slot) {
            Occupancy::Values => Some(Place {
                runner,
                slot: Some(slot),
            }),
            Occupancy::Work if self.roster.is_open(runner) => Some(Place { runner, slot: None }),
            Occupancy::Work => None,
        }
    }

    /// The runner and the slot of values that can still be used. A runner that drains is granted nothing.
    pub(super) fn home_of(&self, group: CallerId) -> Option<(RunnerId, u64)> {
        let lease = self.leases.get(group)?;
        let is_there = lease.stage == LeaseStage::Resident
            && self.roster.phase(lease.runner) == Some(RunnerPhase::Ready);
        is_there.then_some((lease.runner, lease.slot))
    }

    /// Tells those who wait for values that are gone, or whose runner takes no calls any more.
    pub(super) fn reject_stranded(&mut self) {
        let heads = self.pins.heads().map(|(group, _)| group);
        let stranded: Vec<_> = heads
            .filter(|&group| self.home_of(group).is_none())
            .collect();
        for group in stranded {
            while let Some(ticket) = self.pins.pop_first_of(group) {
                self.turn_out(&ticket, RejectReason::ResidentsGone);
            }
        }
    }
}
