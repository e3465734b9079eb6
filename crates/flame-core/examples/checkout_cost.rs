//! Prints what one checkout and one checkin cost the pool's state machine, at several sizes.
//!
//! `cargo run --release -p flame-core --example checkout_cost`

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use flame_core::pool::{
    CallerKind, PoolEvent, PoolLimits, PoolState, PoolTimeouts, SlotAfter, WorkEnd,
};
use flame_core::{CallerId, RunnerId};

/// The best of so many batches counts: whatever else the computer does only ever adds.
const BATCHES: u64 = 20;
const ROUNDS: u64 = 10_000;
const RUNNER_COUNTS: [usize; 5] = [1, 10, 100, 1_000, 10_000];
const WAITING_COUNTS: [u64; 2] = [0, 10_000];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("runners  waiting  ns per checkout + checkin");
    for runners in RUNNER_COUNTS {
        for waiting in WAITING_COUNTS {
            let cost = measure(runners, waiting)?;
            println!("{runners:>7}  {waiting:>7}  {cost:>25}");
        }
    }
    Ok(())
}

/// Every slot but one is taken, and `waiting` callers wait; then one call ends and one comes, again and
/// again. Every caller has a deadline.
fn measure(runners: usize, waiting: u64) -> Result<u128, Box<dyn std::error::Error>> {
    let now = clock();
    let deadline = Some(now + Duration::from_secs(3600));
    let limits = PoolLimits::new(runners)?
        .with_min(runners)?
        .with_max_concurrency(4)?
        .with_max_queue(usize::MAX);
    let mut pool = PoolState::new(limits, PoolTimeouts::default(), 1);
    pool.handle_timeout(now);
    for runner in 0..u64::try_from(runners)? {
        let runner = RunnerId(runner);
        tell(&mut pool, PoolEvent::RunnerAttached { runner }, now);
    }
    let slots = 4 * u64::try_from(runners)?;
    let before = if waiting == 0 {
        slots - 1
    } else {
        slots + waiting
    };
    let mut newest = 0;
    let checkout = |pool: &mut PoolState, newest: &mut u64| {
        let event = PoolEvent::CheckoutRequested {
            caller: CallerId(*newest),
            kind: CallerKind::Call,
            deadline,
            queue_deadline: None,
            retries: 0,
            pin: None,
        };
        *newest += 1;
        tell(pool, event, now);
    };
    for _ in 0..before {
        checkout(&mut pool, &mut newest);
    }
    let mut best = u128::MAX;
    for batch in 0..BATCHES {
        let start = clock();
        for round in 0..ROUNDS {
            checkout(&mut pool, &mut newest);
            let event = PoolEvent::CallEnded {
                caller: CallerId(batch * ROUNDS + round),
                end: WorkEnd::Returned,
                slot: SlotAfter::Free,
            };
            tell(&mut pool, event, now);
        }
        best = best.min(start.elapsed().as_nanos());
    }
    Ok(best / u128::from(ROUNDS))
}

fn tell(pool: &mut PoolState, event: PoolEvent, now: Instant) {
    pool.handle_event(event, now);
    while let Some(action) = pool.poll_action() {
        let _ = black_box(action);
    }
    black_box(pool.poll_timeout());
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
fn clock() -> Instant {
    Instant::now()
}
