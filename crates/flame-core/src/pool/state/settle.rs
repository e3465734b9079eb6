//! What restores every promise after anything has happened.

use std::time::{Duration, Instant};

use super::{PoolState, after, earlier};
use crate::id::RunnerId;
use crate::pool::pause::SHORTEST_PAUSE;
use crate::pool::roster::Idle;
use crate::pool::{PoolAction, PoolStage, TimerReason};

/// A runner that may go for want of work.
struct Candidate {
    runner: RunnerId,
    due_at: Instant,
    below_min: bool,
}

impl PoolState {
    pub(super) fn settle(&mut self, now: Instant) {
        self.settle_once(now);
        // What begins by that may have no time at all.
        while self.timers.first().is_some_and(|(at, _)| at <= now) {
            self.settle_once(now);
        }
    }

    fn settle_once(&mut self, now: Instant) {
        self.fire_due(now);
        if self.stage.serves() {
            self.drain_surplus(now);
            self.reject_stranded();
            while self.grant_next() {}
        }
        if self.stage == PoolStage::Draining {
            self.drain_idle(now);
            self.end_drain(now);
        }
        match self.stage {
            PoolStage::Open | PoolStage::Draining => {
                self.grow(now);
                self.propose_idle(now);
            }
            PoolStage::ShuttingDown | PoolStage::Killing => self.confirm_shutdown(),
            PoolStage::Ended => {}
        }
    }

    /// When boots go on after a pause, if any are missing.
    pub(super) fn boot_retry_at(&self) -> Option<Instant> {
        let until = self.pause.until(self.now?)?;
        (self.stage.serves() && self.missing() > 0).then_some(until)
    }

    /// When some runner has next been without work, or without an answer, for long enough.
    pub(super) fn idle_check_at(&self) -> Option<Instant> {
        if !self.stage.serves() {
            return None;
        }
        let candidate = self.idle_candidate().map(|candidate| candidate.due_at);
        let lapse = self.proposal_lapses_at().map(|(at, _)| at);
        earlier(candidate, lapse)
    }

    /// When some boot has next been unneeded for long enough.
    pub(super) fn surplus_boot_at(&self) -> Option<Instant> {
        let due_at = self.surplus.due_at(self.boot_linger());
        due_at.filter(|_| self.stage.serves())
    }

    fn fire_due(&mut self, now: Instant) {
        while let Some(reason) = self.timers.pop_due(now) {
            match reason {
                TimerReason::QueueDeadline { caller } => self.expire_waiting(caller),
                TimerReason::CallDeadline { caller } => self.expire(caller, now),
                TimerReason::CancelGrace { caller } => self.cancel_ignored(caller, now),
                TimerReason::BootTimeout { runner } => {
                    self.forget_timer(runner);
                    self.boot_timed_out(runner, now);
                }
                TimerReason::DrainTimeout { runner } => {
                    self.forget_timer(runner);
                    self.runner_drain_timed_out(runner, now);
                }
                TimerReason::DrainGrace { runner } | TimerReason::PoisonTimeout { runner } => {
                    self.forget_timer(runner);
                    self.end_runner(runner);
                }
                TimerReason::DestroyRetry { runner } => {
                    self.forget_timer(runner);
                    self.destroy(runner);
                }
                TimerReason::PoolDrainTimeout => self.drain_timed_out(now),
                // These are computed, never set.
                TimerReason::BootRetry | TimerReason::IdleCheck | TimerReason::SurplusBoot => {}
            }
        }
    }

    fn forget_timer(&mut self, runner: RunnerId) {
        self.roster.note(runner, |runner| runner.timer = None);
    }

    /// Boots what is missing and gives back what is not needed any more.
    fn grow(&mut self, now: Instant) {
        let runners = self.roster.in_phase();
        // After `max` was lowered, what is on its way up gives way to what is on its way out.
        let excess = runners.live().saturating_sub(self.limits.max());
        self.give_up_newest(excess.min(runners.booting));
        let runners = self.roster.in_phase();
        let unneeded = (runners.ready + runners.booting).saturating_sub(self.target());
        let over = self
            .surplus
            .note(unneeded.min(runners.booting), self.boot_linger(), now);
        self.give_up_newest(over);
        if self.pause.until(now).is_none() {
            for _ in 0..self.missing() {
                self.boot(now);
            }
        }
        let runners = self.roster.in_phase();
        debug_assert!(runners.live() <= self.limits.max() || runners.booting == 0);
        debug_assert!(runners.ready + runners.booting <= self.limits.max());
    }

    fn give_up_newest(&mut self, boots: usize) {
        for _ in 0..boots {
            if let Some(runner) = self.roster.newest_boot() {
                self.give_up_boot(runner);
            }
        }
    }

    /// How long a boot goes on that nobody needs. Where nobody comes any more, nobody will need it again.
    fn boot_linger(&self) -> Duration {
        match self.stage {
            PoolStage::Open => self.timeouts.boot_linger,
            PoolStage::Draining
            | PoolStage::ShuttingDown
            | PoolStage::Killing
            | PoolStage::Ended => Duration::ZERO,
        }
    }

    fn missing(&self) -> usize {
        let runners = self.roster.in_phase();
        let wanted = self
            .target()
            .saturating_sub(runners.ready + runners.booting);
        let room = self.limits.max().saturating_sub(runners.live());
        wanted.min(room)
    }

    fn propose_idle(&mut self, now: Instant) {
        while let Some((lapsed_at, runner)) = self.proposal_lapses_at() {
            if lapsed_at > now {
                break;
            }
            self.roster
                .change(runner, |runner| runner.idle = Idle::Since(lapsed_at));
        }
        while let Some(candidate) = self.idle_candidate() {
            if candidate.due_at > now {
                break;
            }
            let runner = candidate.runner;
            let proposed = Idle::Proposed {
                at: now,
                below_min: candidate.below_min,
            };
            self.roster.change(runner, |runner| runner.idle = proposed);
            self.act(PoolAction::ProposeIdle { runner });
        }
    }

    /// The runner that goes next for want of work, if any may go at all.
    fn idle_candidate(&self) -> Option<Candidate> {
        let (since, runner) = self.roster.longest_idle()?;
        let staying = self.roster.in_phase().ready - self.roster.proposed();
        let is_spare = staying > self.target();
        let span = if is_spare {
            self.idle_span()
        } else if staying > self.demand().runners(&self.limits) {
            let span = self.timeouts.min_idle_shutdown_after?;
            span.max(self.idle_span())
        } else {
            return None;
        };
        Some(Candidate {
            runner,
            due_at: after(since, span)?,
            below_min: !is_spare,
        })
    }

    fn proposal_lapses_at(&self) -> Option<(Instant, RunnerId)> {
        let (at, runner) = self.roster.longest_proposed()?;
        Some((after(at, self.idle_span())?, runner))
    }

    fn idle_span(&self) -> Duration {
        self.timeouts.idle_shutdown_after.max(SHORTEST_PAUSE)
    }
}
