use std::time::Instant;

use flame_core::pool::{CallerKind, CancelReason, RejectReason, WorkEnd};
use flame_core::{CallerId, RunnerId};

/// What there is to know about one caller.
#[derive(Clone, Debug)]
pub(crate) struct CallerPage {
    pub(crate) kind: CallerKind,
    pub(crate) arrival: usize,
    pub(crate) deadline: Option<Instant>,
    pub(crate) give_up_at: Option<Instant>,
    pub(crate) place: Place,
    /// Who took its slot first.
    pub(crate) slot: Option<CallerId>,
    /// Whose left values it needs.
    pub(crate) pin: Option<CallerId>,
    pub(crate) grants: u32,
    /// Grants that came back, not started.
    pub(crate) returns: u32,
    /// Grants that were lost, and whose work is to begin again.
    pub(crate) retried: u32,
    pub(crate) retries_left: u32,
    /// The runner that was lost with its work last.
    pub(crate) lost_on: Option<RunnerId>,
    pub(crate) outcome: Option<Outcome>,
}

/// Where a caller, or what is left of its work, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Waiting,
    Running {
        runner: RunnerId,
        cancelled: Option<Cancel>,
    },
    Resident {
        runner: RunnerId,
    },
    Done,
}

/// That work was told to end, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cancel {
    /// When it should have ended.
    pub(crate) grace_until: Instant,
    pub(crate) reason: CancelReason,
}

/// What has become of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ended(WorkEnd),
    Rejected(RejectReason),
    Expired,
    Lost,
    Left,
}

impl CallerPage {
    pub(super) fn waiting(kind: CallerKind, arrival: usize) -> Self {
        Self {
            kind,
            arrival,
            deadline: None,
            give_up_at: None,
            place: Place::Waiting,
            slot: None,
            pin: None,
            grants: 0,
            returns: 0,
            retried: 0,
            retries_left: 0,
            lost_on: None,
            outcome: None,
        }
    }

    /// Whether somebody waits for an answer.
    pub(crate) fn is_awaited(&self) -> bool {
        self.outcome.is_none()
    }

    pub(crate) fn runner(&self) -> Option<RunnerId> {
        match self.place {
            Place::Running { runner, .. } | Place::Resident { runner } => Some(runner),
            Place::Waiting | Place::Done => None,
        }
    }

    /// Whether its work begins again when its runner is lost; what it was pinned to would be lost as well.
    pub(crate) fn may_begin_again(&self) -> bool {
        let is_unharmed = matches!(
            self.place,
            Place::Running {
                cancelled: None,
                ..
            }
        );
        is_unharmed && self.is_awaited() && self.retries_left > 0 && self.pin.is_none()
    }
}

impl Cancel {
    /// Whether the caller is the reason; otherwise it is the runner's end.
    pub(crate) fn is_for_caller(self) -> bool {
        match self.reason {
            CancelReason::CallerGone | CancelReason::DeadlinePassed => true,
            CancelReason::PoolShutdown | CancelReason::DrainTimeout => false,
        }
    }
}
