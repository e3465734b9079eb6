use std::path::PathBuf;
use std::time::Instant;

use crate::{Latencies, Meeting, Plan, tell};

/// How many runners there are to be.
pub const RUNNERS: usize = 8;

/// Work E: from no runner to eight, for eight blocking calls that wait for each other.
///
/// `all_meet` makes the eight calls and returns when it has all results; what it returns goes to `end`, which is not
/// measured.
///
/// # Errors
///
/// A runner does not start, or a call fails.
pub async fn burst<G>(
    plan: &Plan,
    all_meet: impl AsyncFn(PathBuf) -> anyhow::Result<G>,
    end: impl AsyncFn(G) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut latencies = Latencies::default();
    for _ in 0..plan.repeats {
        let meeting = Meeting::of(RUNNERS)?;
        let start = Instant::now();
        let guard = all_meet(meeting.place()).await?;
        latencies.add_since(start);
        meeting.ended()?;
        end(guard).await?;
    }
    tell("E/p50_ms", latencies.micros_at(0.5) / 1e3);
    tell("E/max_ms", latencies.micros_at(1.0) / 1e3);
    Ok(())
}
