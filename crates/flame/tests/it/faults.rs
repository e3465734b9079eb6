//! What callers see, and what holds, when something breaks: real processes and real signals.
//!
//! The guide's chapter on faults names these tests row by row.

mod aborts;
mod attach;
mod boots;
mod deadlines;
pub(crate) mod frozen;
mod grandchildren;
pub(crate) mod host;
mod kills;
pub(crate) mod memory;
pub(crate) mod parents;
mod stuck;

use flame::{CallError, ExitKind, Outcome, Pool, RunnerLost};

use crate::processes::eventually;

/// The loss that the call ended with, which always leaves open whether the work was done.
fn lost<R: std::fmt::Debug>(ended: Result<R, CallError>) -> RunnerLost {
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(!error.is_retryable());
    let CallError::RunnerLost(lost) = error else {
        panic!("{error}")
    };
    lost
}

/// How the process of the runner ended that took the call along.
fn end_of_runner<R: std::fmt::Debug>(ended: Result<R, CallError>) -> ExitKind {
    let lost = lost(ended);
    lost.reason.exit().unwrap_or_else(|| panic!("{lost}"))
}

/// Waits until nobody waits, no slot is taken, and all that ever came to the pool is accounted for.
async fn at_rest(pool: &Pool) {
    eventually("the pool is at rest", || {
        let counts = pool.snapshot().counts;
        counts.queued + counts.running + counts.unconfirmed == 0
            && counts.totals.submitted == counts.totals.answered()
    })
    .await;
}
