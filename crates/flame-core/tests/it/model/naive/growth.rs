//! How many runners there are.

use std::time::Instant;

use flame_core::RunnerId;
use flame_core::pool::PoolAction;
use flame_core::runner::RunnerPhase;

use super::super::choice::Choice;
use super::super::runner::Runner;
use super::{Naive, SHORTEST, Stage, after};

impl Naive {
    /// How many runners the demand wants: a slot for whoever runs or waits, and those kept free ahead of
    /// demand, as far as the maximum allows.
    pub(super) fn wanted_by_demand(&self) -> usize {
        let ready = self.runners.iter().filter(|runner| runner.is_ready());
        let used: usize = ready.map(|runner| self.used(runner.id)).sum();
        let slots = used + self.waiting().len() + self.limits.warm();
        let runners = slots.div_ceil(self.limits.max_concurrency());
        runners.min(self.limits.max())
    }

    fn wanted(&self) -> usize {
        match self.stage {
            Stage::Open => self.wanted_by_demand().max(self.floor),
            Stage::ShuttingDown | Stage::Ended => 0,
        }
    }

    /// Those that serve, or will.
    pub(super) fn serving(&self) -> usize {
        self.count(RunnerPhase::Ready) + self.count(RunnerPhase::Booting)
    }

    /// How many boots should begin: those that are wanted, as far as the runners that finish what they have
    /// leave room below the maximum.
    pub(super) fn missing_boots(&self) -> usize {
        let going = self.count(RunnerPhase::Draining) + self.count(RunnerPhase::Poisoned);
        let room = self.limits.max().saturating_sub(self.serving() + going);
        self.wanted().saturating_sub(self.serving()).min(room)
    }

    /// Begins the boots that are missing, unless there is a pause, and gives up those that nobody needs any
    /// more, the newest first.
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
        while self.serving() > self.wanted() {
            let newest = self.runners.iter().rfind(|runner| runner.is_booting());
            let Some(newest) = newest.map(|runner| runner.id) else {
                return;
            };
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
            self.pause.is_seen_to_be_over(now);
        }
        choice.boots()
    }

    /// The pool says when its pause ends: whether that is possible.
    pub(in super::super) fn pause_may_end(&mut self, at: Instant) -> bool {
        self.pause.is_said_to_end(at)
    }

    /// Boots are numbered as they come.
    pub(super) fn next_boot(&self) -> RunnerId {
        RunnerId(u64::try_from(self.runners.len()).unwrap())
    }
}
