use std::time::Instant;

use flame_core::RunnerId;
use flame_core::pool::CancelReason;
use flame_core::runner::RunnerPhase;

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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Waiting,
    Running {
        runner: RunnerId,
        cancelled: Option<(Instant, CancelReason)>,
    },
    Resident {
        runner: RunnerId,
    },
    Done,
}

#[derive(Clone, Debug)]
pub(crate) struct RunnerPage {
    pub(crate) phase: RunnerPhase,
    pub(crate) since: Instant,
    pub(crate) grants: u32,
    pub(crate) welcomes: u32,
    pub(crate) destroys: u32,
    pub(crate) idle_since: Option<Instant>,
    pub(crate) proposed_at: Option<Instant>,
    /// News of its end came, and it was not yet acted on.
    pub(crate) ended: bool,
}

impl CallerPage {
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

impl RunnerPage {
    pub(super) fn booting(now: Instant) -> Self {
        Self {
            phase: RunnerPhase::Booting,
            since: now,
            grants: 0,
            welcomes: 0,
            destroys: 0,
            idle_since: None,
            proposed_at: None,
            ended: false,
        }
    }
}
