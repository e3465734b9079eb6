//! A pool that is woken late acts as if it had been woken in time, as far as that is still possible.

use std::time::{Duration, Instant};

use flame_core::RunnerId;
use flame_core::pool::{PoolAction, PoolEvent, PoolLimits, PoolState, PoolTimeouts, Retry};

#[test]
fn a_pause_that_is_over_ends_before_the_news_that_come_after_it() {
    let limits = PoolLimits::new(2)
        .and_then(|limits| limits.with_min(2))
        .unwrap();
    let mut pool = PoolState::new(limits, PoolTimeouts::default(), 0);
    let began = epoch();
    pool.handle_timeout(began);
    pool.handle_event(boot_failed(0), began);
    while pool.poll_action().is_some() {}

    // The pause is over after half a second or a little more, and nobody wakes the pool.
    pool.handle_event(boot_failed(1), began + Duration::from_secs(1));

    let actions: Vec<_> = std::iter::from_fn(|| pool.poll_action()).collect();
    assert_eq!(
        actions,
        [
            PoolAction::BootInstance {
                runner: RunnerId(2)
            },
            PoolAction::DestroyInstance {
                runner: RunnerId(1)
            },
        ]
    );
}

fn boot_failed(runner: u64) -> PoolEvent {
    PoolEvent::BootFailed {
        runner: RunnerId(runner),
        retry: Retry::Later,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an instant cannot be made without asking for one"
)]
fn epoch() -> Instant {
    Instant::now()
}
