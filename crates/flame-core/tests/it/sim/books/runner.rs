use std::time::{Duration, Instant};

use flame_core::pool::{PoolLimits, PoolTimeouts};
use flame_core::runner::RunnerPhase;

/// What there is to know about one runner.
#[derive(Clone, Debug)]
pub(crate) struct RunnerPage {
    pub(crate) phase: RunnerPhase,
    /// When it should have called back.
    pub(crate) boot_until: Instant,
    /// Its boot is written down as one that took too long.
    pub(crate) is_failed: bool,
    pub(crate) grants: u32,
    /// How many grants came back since it ended a call.
    pub(crate) returns_in_a_row: u32,
    pub(crate) has_ended_a_call: bool,
    pub(crate) welcomes: u32,
    /// What it knows of limits and timeouts.
    pub(crate) told: Option<Told>,
    /// How many slots were taken when limits last changed; that may be too many.
    pub(crate) inherited: usize,
    pub(crate) idle_since: Option<Instant>,
    /// It was asked to go and has not answered.
    pub(crate) proposal: Option<Proposal>,
    /// It was asked to go, and agreed in its latest answer.
    pub(crate) agreed: Option<Proposal>,
    /// News of its end came, and it was not yet acted on.
    pub(crate) ended: bool,
    /// When its work will be cancelled, because it drains.
    pub(crate) cancel_at: Option<Instant>,
    /// Its time to drain is over.
    pub(crate) is_out_of_time: bool,
    /// When it will be killed, whatever it does.
    pub(crate) kill_at: Option<Instant>,
    pub(crate) destroys: u32,
    /// When the backend will be asked once more.
    pub(crate) destroy_again_at: Option<Instant>,
}

/// That a runner was asked to go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proposal {
    pub(crate) at: Instant,
    /// Whether fewer runners than the minimum would stay.
    pub(crate) below_min: bool,
}

/// What runners are told of limits and timeouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    max_concurrency: usize,
    shutdown_timeout: Duration,
    cancel_grace: Duration,
}

impl Told {
    pub(crate) fn of(limits: &PoolLimits, timeouts: &PoolTimeouts) -> Self {
        Self {
            max_concurrency: limits.max_concurrency(),
            shutdown_timeout: timeouts.shutdown_timeout,
            cancel_grace: timeouts.cancel_grace,
        }
    }
}

impl RunnerPage {
    pub(super) fn booting(boot_until: Instant) -> Self {
        Self {
            phase: RunnerPhase::Booting,
            boot_until,
            is_failed: false,
            grants: 0,
            returns_in_a_row: 0,
            has_ended_a_call: false,
            welcomes: 0,
            told: None,
            inherited: 0,
            idle_since: None,
            proposal: None,
            agreed: None,
            ended: false,
            cancel_at: None,
            is_out_of_time: false,
            kill_at: None,
            destroys: 0,
            destroy_again_at: None,
        }
    }

    /// Whether it has a session.
    pub(crate) fn is_attached(&self) -> bool {
        self.phase > RunnerPhase::Booting && self.phase < RunnerPhase::Reaping
    }
}
