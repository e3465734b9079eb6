use std::time::Instant;

use flame_core::runner::RunnerPhase;

/// What there is to know about one runner.
#[derive(Clone, Debug)]
pub(crate) struct RunnerPage {
    pub(crate) phase: RunnerPhase,
    /// When it entered its phase.
    pub(crate) since: Instant,
    pub(crate) grants: u32,
    pub(crate) has_ended_a_call: bool,
    pub(crate) welcomes: u32,
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

impl RunnerPage {
    pub(super) fn booting(now: Instant) -> Self {
        Self {
            phase: RunnerPhase::Booting,
            since: now,
            grants: 0,
            has_ended_a_call: false,
            welcomes: 0,
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
}
