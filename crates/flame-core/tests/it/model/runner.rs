use std::time::Instant;

use flame_core::RunnerId;
use flame_core::runner::RunnerPhase;

/// One boot and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Runner {
    pub(super) id: RunnerId,
    pub(super) phase: RunnerPhase,
    /// When it should have called back.
    pub(super) boot_until: Option<Instant>,
    /// Whether it was ever given a call.
    pub(super) was_granted: bool,
    /// Whether a call has ever ended on it.
    pub(super) has_ended_a_call: bool,
    /// How many calls it has returned since it last ended one.
    pub(super) returns: u32,
    /// Since when it has no work, has been asked or has said that it does not want to go.
    pub(super) idle_since: Instant,
    /// Whether it was asked to go, and has not answered.
    pub(super) is_asked: bool,
    /// Whether it was asked as one of the last, those of the minimum.
    pub(super) is_asked_as_last: bool,
    /// When its work should have ended, because it drains.
    pub(super) drain_until: Option<Instant>,
    /// When its work should have ended after the cancel, because it drains.
    pub(super) drain_grace_until: Option<Instant>,
    /// When the neighbors of stuck work should have ended.
    pub(super) poison_until: Option<Instant>,
    /// Whether the backend was asked to destroy the instance and has not answered.
    pub(super) is_destroy_asked: bool,
    /// How often the backend could not destroy it.
    pub(super) failed_destroys: u32,
    /// When the backend is asked again.
    pub(super) destroy_again_at: Option<Instant>,
}

impl Runner {
    pub(super) fn boot(id: RunnerId, boot_until: Option<Instant>, now: Instant) -> Self {
        Self {
            id,
            phase: RunnerPhase::Booting,
            boot_until,
            was_granted: false,
            has_ended_a_call: false,
            returns: 0,
            idle_since: now,
            is_asked: false,
            is_asked_as_last: false,
            drain_until: None,
            drain_grace_until: None,
            poison_until: None,
            is_destroy_asked: false,
            failed_destroys: 0,
            destroy_again_at: None,
        }
    }

    /// Whether it is a runner: it has called back and was not given up since.
    pub(super) fn lives(&self) -> bool {
        matches!(
            self.phase,
            RunnerPhase::Ready | RunnerPhase::Draining | RunnerPhase::Poisoned
        )
    }

    /// Whether it takes calls.
    pub(super) fn is_ready(&self) -> bool {
        self.phase == RunnerPhase::Ready
    }

    pub(super) fn is_booting(&self) -> bool {
        self.phase == RunnerPhase::Booting
    }
}
