use std::time::Instant;

use anyhow::ensure;

use crate::{Contestant, Latencies, Plan, tell};

/// Work D: the first result, with the start of the process.
///
/// `boot` starts a runner, and what it gives besides the contestant keeps that runner alive; `end` ends it, which is
/// not measured. The numbers are told under `key`; returned is the median, in milliseconds.
///
/// # Errors
///
/// A runner does not start, or a call fails.
pub async fn cold<C: Contestant, G>(
    key: &str,
    plan: &Plan,
    boot: impl AsyncFn() -> anyhow::Result<(C, G)>,
    end: impl AsyncFn(G) -> anyhow::Result<()>,
) -> anyhow::Result<f64> {
    let mut latencies = Latencies::default();
    for _ in 0..2 * plan.repeats {
        let start = Instant::now();
        let (contestant, guard) = boot().await?;
        let next = contestant.add_one(41).await?;
        latencies.add_since(start);
        ensure!(next == 42, "{next} follows 41");
        end(guard).await?;
    }
    let median = latencies.micros_at(0.5) / 1e3;
    tell(&format!("{key}/p50_ms"), median);
    tell(&format!("{key}/max_ms"), latencies.micros_at(1.0) / 1e3);
    Ok(median)
}
