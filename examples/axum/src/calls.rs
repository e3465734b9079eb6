//! How work gets to a runner: with how much patience, and what is made of its failures.

use std::time::Duration;

use flame::{Pool, Task};

use crate::{Failure, WorkError};

/// How long a picture may wait for a runner. Whoever waits in front of a page has gone by then.
pub const QUEUE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long it may take in all.
pub const TIMEOUT: Duration = Duration::from_secs(60);
/// How often work is begun again when its runner was lost.
pub const RETRIES: u32 = 2;

/// What becomes of work when whoever waits for it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// It ends, too.
    Cancels,
    /// It goes on.
    Detaches,
}

/// Has a task done by a runner, and says what there is to say if that came to nothing.
///
/// The work must be such that it may run twice.
///
/// # Errors
///
/// Either the task says no, or it did not come to its end.
pub async fn carry_out<T: Send + 'static>(
    pool: &Pool,
    task: Task<Result<T, WorkError>>,
    leaving: Leaving,
) -> Result<T, Failure> {
    let call = task
        .on(pool)
        .queue_timeout(QUEUE_TIMEOUT)
        .timeout(TIMEOUT)
        .idempotent(RETRIES);
    let call = match leaving {
        Leaving::Cancels => call,
        Leaving::Detaches => call.detached(),
    };
    Ok(call.await??)
}
