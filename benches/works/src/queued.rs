use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use crate::{Contestant, descriptors, tell};

/// How many calls are made at once.
pub const CALLS: usize = 10_000;
/// How many of them may run at a time.
pub const IN_FLIGHT: usize = 4;

/// Work G: ten thousand calls at once, four of which may run.
///
/// `limit` is for contestants that have no limit of their own.
///
/// # Errors
///
/// A call fails.
pub async fn queued(
    contestant: &impl Contestant,
    limit: Option<Arc<Semaphore>>,
) -> anyhow::Result<()> {
    contestant.add_one(1).await?;
    let (before, start) = (descriptors()?, Instant::now());
    let calls: Vec<_> = (0..CALLS)
        .map(|number| {
            let (contestant, limit) = (contestant.clone(), limit.clone());
            tokio::spawn(async move {
                let _permit = match limit {
                    Some(limit) => Some(limit.acquire_owned().await?),
                    None => None,
                };
                contestant.add_one(number as u64).await
            })
        })
        .collect();
    let during = descriptors()?;
    for call in calls {
        call.await??;
    }
    tell("G/ms", start.elapsed().as_secs_f64() * 1e3);
    tell("G/descriptors", during.saturating_sub(before) as f64);
    Ok(())
}
