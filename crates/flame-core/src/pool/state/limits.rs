//! What happens when the owner changes the limits of a running pool.

use std::time::{Duration, Instant};

use super::PoolState;
use crate::pool::{PoolAction, PoolLimits, PoolStage, PoolTimeouts};
use crate::runner::RunnerPhase;

impl PoolState {
    pub(super) fn limits_changed(
        &mut self,
        limits: PoolLimits,
        timeouts: PoolTimeouts,
        now: Instant,
    ) -> bool {
        if self.stage == PoolStage::Ended {
            return false;
        }
        let told_before = told(&self.limits, &self.timeouts);
        self.floor = if limits.min() > self.limits.min() {
            limits.min()
        } else {
            self.floor.min(limits.min())
        };
        self.limits = limits;
        self.timeouts = timeouts;
        self.pause
            .set_lengths(timeouts.boot_backoff_first, timeouts.boot_backoff_max);
        self.roster.set_limits(&limits);
        let is_news = told(&limits, &timeouts) != told_before;
        for (runner, phase, _) in self.runners().collect::<Vec<_>>() {
            if is_news && is_attached(phase) {
                self.act(PoolAction::TellLimits { runner });
            }
            // Runners that are now to be used once may have been.
            self.review(runner, now);
        }
        true
    }
}

/// What runners are told of limits and timeouts.
fn told(limits: &PoolLimits, timeouts: &PoolTimeouts) -> (usize, Duration, Duration) {
    (
        limits.max_concurrency(),
        timeouts.shutdown_timeout,
        timeouts.cancel_grace,
    )
}

fn is_attached(phase: RunnerPhase) -> bool {
    match phase {
        RunnerPhase::Ready | RunnerPhase::Draining | RunnerPhase::Poisoned => true,
        RunnerPhase::Booting | RunnerPhase::Reaping | RunnerPhase::Gone => false,
    }
}
