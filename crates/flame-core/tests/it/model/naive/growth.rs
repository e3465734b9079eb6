//! How many runners there are.

use std::time::Instant;

use flame_core::RunnerId;
use flame_core::pool::{DrainReason, PoolAction, PoolStage};
use flame_core::runner::RunnerPhase;

use super::super::choice::Choice;
use super::super::runner::Runner;
use super::{Naive, SHORTEST, after};

impl Naive {
    /// How many runners the demand wants: a slot for whoever runs or waits, and those kept free ahead of
    /// demand, as far as the maximum allows. A runner with more work than it may have counts as full.
    pub(super) fn wanted_by_demand(&self) -> usize {
        let most = self.limits.max_concurrency();
        let ready = self.runners.iter().filter(|runner| runner.is_ready());
        let used: usize = ready.map(|runner| self.used(runner.id).min(most)).sum();
        let warm = match self.stage {
            PoolStage::Open => self.limits.warm(),
            PoolStage::Draining
            | PoolStage::ShuttingDown
            | PoolStage::Killing
            | PoolStage::Ended => 0,
        };
        let runners = (used + self.waiting_unpinned().len() + warm).div_ceil(most);
        runners.min(self.limits.max())
    }

    /// How many runners are kept without any demand.
    pub(super) fn kept(&self) -> usize {
        match self.stage {
            PoolStage::Open => self.floor,
            PoolStage::Draining
            | PoolStage::ShuttingDown
            | PoolStage::Killing
            | PoolStage::Ended => 0,
        }
    }

    pub(super) fn wanted(&self) -> usize {
        if self.stage.serves() {
            self.wanted_by_demand().max(self.kept())
        } else {
            0
        }
    }

    /// A pool that may have fewer runners than it has lets some go, those with the least work first.
    pub(super) fn drain_the_surplus(&mut self, now: Instant, choice: Choice<'_>) {
        while self.count(RunnerPhase::Ready) > self.limits.max() {
            let ready = self.runners.iter().filter(|runner| runner.is_ready());
            let least = ready.clone().map(|runner| self.used(runner.id)).min();
            let allowed = ready.filter(|runner| Some(self.used(runner.id)) == least);
            let allowed: Vec<_> = allowed.map(|runner| runner.id).collect();
            let Some(runner) = choice.drain(&allowed) else {
                return;
            };
            let reason = self.reason_to_go(runner, DrainReason::TooMany);
            self.drain(runner, reason, now);
        }
    }

    /// What is said of a runner that goes for this reason, unless it would go anyway.
    pub(super) fn reason_to_go(&self, id: RunnerId, reason: DrainReason) -> DrainReason {
        let runner = self.runners.iter().find(|runner| runner.id == id);
        if runner.is_some_and(|runner| self.is_used_up(runner)) && self.used(id) == 0 {
            DrainReason::UsedUp
        } else {
            reason
        }
    }

    /// A pool that takes nobody any more lets go what has no work and will get none.
    pub(super) fn drain_the_idle(&mut self, now: Instant) {
        for place in 0..self.runners.len() {
            let runner = &self.runners[place];
            let is_idle = runner.is_ready() && self.used(runner.id) == 0;
            if self.stage == PoolStage::Draining && is_idle {
                let runner = runner.id;
                self.drain(runner, DrainReason::PoolShutdown, now);
            }
        }
    }

    /// Those that serve, or will.
    pub(super) fn serving(&self) -> usize {
        self.count(RunnerPhase::Ready) + self.count(RunnerPhase::Booting)
    }

    /// All that count towards the maximum.
    pub(super) fn living(&self) -> usize {
        self.serving() + self.count(RunnerPhase::Draining) + self.count(RunnerPhase::Poisoned)
    }

    /// How many boots should begin: those that are wanted, as far as the runners that finish what they have
    /// leave room below the maximum.
    pub(super) fn missing_boots(&self) -> usize {
        let room = self.limits.max().saturating_sub(self.living());
        self.wanted().saturating_sub(self.serving()).min(room)
    }

    /// Begins the boots that are missing, unless there is a pause, and gives up those that nobody needs any
    /// more, or for which a lower maximum leaves no room, the newest first.
    pub(super) fn boot_and_give_up(&mut self, now: Instant, choice: Choice<'_>) {
        let missing = self.missing_boots();
        if missing > 0 && self.may_boot(now, choice) {
            for _ in 0..missing {
                let runner = self.next_boot();
                let boot_until = after(now, self.timeouts.boot_timeout.max(SHORTEST));
                self.runners.push(Runner::boot(runner, boot_until, now));
                self.act(PoolAction::BootInstance { runner });
            }
        }
        while self.living() > self.limits.max() && self.count(RunnerPhase::Booting) > 0 {
            self.give_up_the_newest();
        }
        self.give_up_the_surplus(now);
    }

    pub(super) fn give_up_the_newest(&mut self) {
        let newest = self.runners.iter().rfind(|runner| runner.is_booting());
        if let Some(newest) = newest.map(|runner| runner.id) {
            self.destroy(newest);
        }
    }

    /// Whether the pause is over; where jitter leaves it open, the pool knows.
    fn may_boot(&mut self, now: Instant, choice: Choice<'_>) -> bool {
        if self.pause.surely_holds(now) {
            return false;
        }
        if self.pause.is_surely_over(now) {
            return true;
        }
        if choice.boots() {
            self.pause.learns_over(now);
        }
        choice.boots()
    }

    /// The pool says when its pause ends: whether that is possible.
    pub(in super::super) fn pause_may_end(&mut self, at: Instant) -> bool {
        self.pause.learns_end(at)
    }

    /// Boots are numbered as they come.
    pub(super) fn next_boot(&self) -> RunnerId {
        RunnerId(u64::try_from(self.runners.len()).unwrap())
    }
}
