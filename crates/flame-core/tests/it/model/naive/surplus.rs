//! Boots that are not needed just now.

use std::time::{Duration, Instant};

use flame_core::pool::PoolStage;
use flame_core::runner::RunnerPhase;

use super::{Naive, after};

impl Naive {
    /// Gives up the boots that nobody needed for a while, the newest first.
    pub(super) fn give_up_the_surplus(&mut self, now: Instant) {
        self.surplus.push((now, self.surplus_now()));
        let over = self.surplus_over(now);
        for (_, surplus) in &mut self.surplus {
            *surplus = surplus.saturating_sub(over);
        }
        for _ in 0..over {
            self.give_up_the_newest();
        }
    }

    /// When it will do so next, if nothing happens before.
    pub(super) fn next_give_up(&self) -> Option<Instant> {
        let latest = self.surplus.last()?.0;
        let linger = self.boot_linger();
        let ends = self.surplus.iter().filter_map(|&(at, _)| after(at, linger));
        ends.filter(|&at| at > latest && self.stage.serves())
            .find(|&at| self.surplus_over(at) > 0)
    }

    fn surplus_now(&self) -> usize {
        let spare = self.serving().saturating_sub(self.wanted());
        spare.min(self.count(RunnerPhase::Booting))
    }

    /// The fewest boots that there were too many at any moment of the last while.
    fn surplus_over(&self, now: Instant) -> usize {
        let linger = self.boot_linger();
        let is_of_old = |&(at, _): &(Instant, usize)| after(at, linger).is_some_and(|at| at <= now);
        let Some(first) = self.surplus.iter().rposition(is_of_old) else {
            return 0;
        };
        let since = self.surplus[first..].iter();
        since.map(|&(_, surplus)| surplus).min().unwrap_or(0)
    }

    fn boot_linger(&self) -> Duration {
        match self.stage {
            PoolStage::Open => self.timeouts.boot_linger,
            PoolStage::Draining
            | PoolStage::ShuttingDown
            | PoolStage::Killing
            | PoolStage::Ended => Duration::ZERO,
        }
    }
}
