use std::time::Duration;

use flame_core::pool::{Placement, PoolLimits, PoolTimeouts, Reuse};

use super::dice::Dice;

/// The pool that a life is about.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) limits: PoolLimits,
    pub(crate) timeouts: PoolTimeouts,
    pub(crate) callers: u64,
    /// One in so many callers comes only after a lull.
    pub(crate) lulls: u64,
}

impl Plan {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let min = dice.count(0, 2);
        let max = dice.count(min.max(1), 4);
        let warm = if dice.one_in(4) { dice.count(1, 3) } else { 0 };
        let max_queue = if dice.one_in(3) {
            dice.count(0, 6)
        } else {
            1000
        };
        let reuse = reuse(dice.one_in(6));
        let placement = placement(dice.one_in(3));
        let limits = PoolLimits::new(max)
            .and_then(|limits| limits.with_min(min))
            .and_then(|limits| limits.with_max_concurrency(dice.count(1, 4)))
            .unwrap()
            .with_warm(warm)
            .with_max_queue(max_queue)
            .with_reuse(reuse)
            .with_placement(placement);
        let min_idle = dice.one_in(4).then(|| Duration::from_millis(900));
        let timeouts = PoolTimeouts {
            boot_timeout: Duration::from_millis(1000),
            shutdown_timeout: Duration::from_millis(1500),
            idle_shutdown_after: Duration::from_millis(400),
            min_idle_shutdown_after: min_idle,
            cancel_grace: Duration::from_millis(200),
            kill_timeout: Duration::from_millis(100),
            boot_backoff_first: Duration::from_millis(100),
            boot_backoff_max: Duration::from_millis(1000),
            boot_linger: Duration::from_millis(if warm > 0 { 0 } else { 150 }),
        };
        Self {
            limits,
            timeouts,
            callers: dice.between(10, 60),
            lulls: dice.between(2, 12),
        }
    }

    /// Other limits and timeouts, in a few respects.
    pub(crate) fn changed(&self, dice: &mut Dice) -> (PoolLimits, PoolTimeouts) {
        let (mut limits, mut timeouts) = (self.limits, self.timeouts);
        for _ in 0..dice.between(1, 3) {
            match dice.between(0, 13) {
                0..=2 => {
                    let max = dice.count(1, 5);
                    let min = limits.min().min(max);
                    limits = limits.with_min(min).unwrap().with_max(max).unwrap();
                }
                3 => limits = limits.with_min(dice.count(0, limits.max())).unwrap(),
                4..=6 => limits = limits.with_max_concurrency(dice.count(1, 4)).unwrap(),
                7 => limits = limits.with_warm(dice.count(0, 3)),
                8 => limits = limits.with_max_queue(dice.count(0, 6)),
                9 => limits = limits.with_reuse(reuse(dice.one_in(2))),
                10 => limits = limits.with_placement(placement(dice.one_in(2))),
                11 => timeouts.cancel_grace = dice.millis(1, 400),
                12 => timeouts.shutdown_timeout = dice.millis(200, 2000),
                _ => {
                    timeouts.boot_timeout = dice.millis(100, 1500);
                    timeouts.idle_shutdown_after = dice.millis(50, 900);
                    timeouts.min_idle_shutdown_after = dice.one_in(3).then(|| dice.millis(50, 900));
                    timeouts.kill_timeout = dice.millis(20, 200);
                    timeouts.boot_backoff_first = dice.millis(20, 200);
                    timeouts.boot_backoff_max = dice.millis(200, 1000);
                    timeouts.boot_linger = dice.millis(0, 300);
                }
            }
        }
        (limits, timeouts)
    }
}

fn reuse(once: bool) -> Reuse {
    if once { Reuse::SingleUse } else { Reuse::Many }
}

fn placement(packed: bool) -> Placement {
    if packed {
        Placement::Pack
    } else {
        Placement::Spread
    }
}
