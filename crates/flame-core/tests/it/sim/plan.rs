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
        let max_queue = if dice.one_in(4) {
            dice.count(0, 6)
        } else {
            1000
        };
        let reuse = if dice.one_in(6) {
            Reuse::SingleUse
        } else {
            Reuse::Many
        };
        let placement = if dice.one_in(3) {
            Placement::Pack
        } else {
            Placement::Spread
        };
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
        };
        Self {
            limits,
            timeouts,
            callers: dice.between(10, 60),
            lulls: dice.between(2, 12),
        }
    }
}
