use std::time::Instant;

use flame_core::RunnerId;
use flame_core::pool::CancelReason;

/// What there is to know about one caller.
#[derive(Clone, Debug)]
pub(crate) struct CallerPage {
    pub(crate) arrival: usize,
    pub(crate) deadline: Option<Instant>,
    pub(crate) give_up_at: Option<Instant>,
    pub(crate) place: Place,
    pub(crate) grants: u32,
    pub(crate) returns: u32,
    pub(crate) answers: u32,
    pub(crate) left: bool,
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
    pub(crate) at: Instant,
    pub(crate) reason: CancelReason,
}

impl CallerPage {
    pub(super) fn waiting(
        arrival: usize,
        deadline: Option<Instant>,
        queue_deadline: Option<Instant>,
    ) -> Self {
        Self {
            arrival,
            deadline,
            give_up_at: [deadline, queue_deadline].into_iter().flatten().min(),
            place: Place::Waiting,
            grants: 0,
            returns: 0,
            answers: 0,
            left: false,
        }
    }

    /// Whether somebody waits for an answer.
    pub(crate) fn is_awaited(&self) -> bool {
        self.answers == 0 && !self.left
    }

    pub(crate) fn runner(&self) -> Option<RunnerId> {
        match self.place {
            Place::Running { runner, .. } | Place::Resident { runner } => Some(runner),
            Place::Waiting | Place::Done => None,
        }
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
