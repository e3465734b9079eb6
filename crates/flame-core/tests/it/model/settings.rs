use std::fmt;
use std::time::Duration;

use flame_core::pool::{Placement, PoolLimits, PoolTimeouts, Reuse};
use proptest::prelude::*;

/// What a pool is set to.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    pub(super) limits: PoolLimits,
    pub(super) timeouts: PoolTimeouts,
    pub(super) jitter_seed: u64,
}

impl Settings {
    /// Small pools of every kind.
    pub(super) fn any() -> impl Strategy<Value = Self> {
        (limits(), timeouts(), any::<u64>()).prop_map(|(limits, timeouts, jitter_seed)| Self {
            limits,
            timeouts,
            jitter_seed,
        })
    }
}

fn limits() -> impl Strategy<Value = PoolLimits> {
    let runners = (1..=4_usize).prop_flat_map(|max| (Just(max), 0..=max));
    let warm = prop_oneof![3 => Just(0), 1 => 1..=3_usize];
    let queue = prop_oneof![1 => Just(100), 1 => 0..=3_usize];
    let reuse = prop_oneof![4 => Just(Reuse::Many), 1 => Just(Reuse::SingleUse)];
    let placement = prop_oneof![Just(Placement::Spread), Just(Placement::Pack)];
    (runners, 1..=3_usize, warm, queue, reuse, placement).prop_map(
        |((max, min), concurrency, warm, queue, reuse, placement)| {
            PoolLimits::new(max)
                .and_then(|limits| limits.with_min(min))
                .and_then(|limits| limits.with_max_concurrency(concurrency))
                .unwrap()
                .with_warm(warm)
                .with_max_queue(queue)
                .with_reuse(reuse)
                .with_placement(placement)
        },
    )
}

/// Few and round spans, so that instants often coincide.
fn timeouts() -> impl Strategy<Value = PoolTimeouts> {
    let min_idle = prop_oneof![Just(None), seconds(&[10, 2, 20]).prop_map(Some)];
    (
        seconds(&[20, 5]),
        seconds(&[10, 5, 0]),
        seconds(&[10, 1, 5, EVER]),
        min_idle,
        seconds(&[5, 2, 0]),
        seconds(&[1, 2]),
        seconds(&[1, 4]),
        seconds(&[8, 4]),
        seconds(&[1, 3, 0]),
    )
        .prop_map(
            |(boot, shutdown, idle, min_idle, grace, kill, backoff, backoff_max, linger)| {
                PoolTimeouts {
                    boot_timeout: boot,
                    shutdown_timeout: shutdown,
                    idle_shutdown_after: idle,
                    min_idle_shutdown_after: min_idle,
                    cancel_grace: grace,
                    kill_timeout: kill,
                    boot_backoff_first: backoff,
                    boot_backoff_max: backoff_max,
                    boot_linger: linger,
                }
            },
        )
}

/// A span of time that never ends.
const EVER: u64 = u64::MAX;

fn seconds(spans: &'static [u64]) -> impl Strategy<Value = Duration> {
    prop::sample::select(spans).prop_map(Duration::from_secs)
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.limits, self.timeouts)
    }
}
