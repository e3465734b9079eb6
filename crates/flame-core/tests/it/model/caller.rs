use std::time::Instant;

use flame_core::pool::{CallerKind, RejectReason, WorkEnd};
use flame_core::{CallerId, RunnerId};

/// Somebody who wanted a slot once.
///
/// It waits while it has neither an answer nor a slot, and runs while it has a slot and no answer. With an
/// answer and a slot, its work or its values are still there. With an answer and no slot, it is history.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) id: CallerId,
    pub(super) kind: CallerKind,
    pub(super) deadline: Option<Instant>,
    pub(super) queue_deadline: Option<Instant>,
    pub(super) answer: Option<Answer>,
    pub(super) slot: Option<Slot>,
    /// Whether it was ever granted a slot.
    pub(super) was_granted: bool,
    /// How often its work may be begun again after its runner was lost.
    pub(super) retries: u32,
    /// Whether it is a child that has begun its life on the runner that it has.
    pub(super) is_accepted: bool,
    /// The runner that was lost last while its work may have been running.
    pub(super) lost_on: Option<RunnerId>,
    /// The caller whose left values it needs.
    pub(super) pin: Option<CallerId>,
}

/// The one answer that a caller gets, or that it left without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Its work has ended.
    Ended(WorkEnd),
    Rejected(RejectReason),
    Expired,
    Lost,
    Left,
}

/// A slot that is taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) runner: RunnerId,
    /// Who took it first: it may be shared since then.
    pub(super) first: CallerId,
    pub(super) holds: Holds,
}

/// What takes a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Work,
    /// Work that was told to end; when a grace of its own ends, its runner is poisoned.
    CancelledWork {
        grace_until: Option<Instant>,
    },
    /// What the ended work left on its runner.
    Values,
}

impl Caller {
    pub(super) fn new(
        id: CallerId,
        deadline: Option<Instant>,
        queue_deadline: Option<Instant>,
    ) -> Self {
        Self {
            id,
            kind: CallerKind::Call,
            deadline,
            queue_deadline,
            answer: None,
            slot: None,
            was_granted: false,
            retries: 0,
            is_accepted: false,
            lost_on: None,
            pin: None,
        }
    }

    pub(super) fn waits(&self) -> bool {
        self.answer.is_none() && self.slot.is_none()
    }

    pub(super) fn runs(&self) -> bool {
        self.answer.is_none() && self.slot.is_some()
    }

    /// Whether its work is on a runner, wanted or not.
    pub(super) fn works(&self) -> bool {
        self.slot.is_some_and(|slot| slot.holds != Holds::Values)
    }

    /// Whether it is a child that may begin its life.
    pub(super) fn is_unborn_child(&self) -> bool {
        self.kind == CallerKind::Child && self.runs() && !self.is_accepted
    }

    pub(super) fn has_values(&self) -> bool {
        self.slot.is_some_and(|slot| slot.holds == Holds::Values)
    }

    /// Whether nobody had its slot before.
    pub(super) fn is_first(&self) -> bool {
        self.slot.is_none_or(|slot| slot.first == self.id)
    }

    pub(super) fn is_on(&self, runner: RunnerId) -> bool {
        self.slot.is_some_and(|slot| slot.runner == runner)
    }
}
