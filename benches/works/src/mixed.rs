use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::{Contestant, Latencies, Plan, sample, tell};

/// Work C': small calls while a payload of 64 MiB is always under way on the same runner.
///
/// # Errors
///
/// A call fails.
pub async fn mixed(contestant: &impl Contestant, plan: &Plan) -> anyhow::Result<()> {
    let payload = sample(64 << 20);
    contestant.echo(payload.clone()).await?;
    let enough = Arc::new(AtomicBool::new(false));
    let (there, stop) = (contestant.clone(), enough.clone());
    let large = tokio::spawn(async move {
        let mut count = 0;
        while !stop.load(Ordering::Relaxed) {
            there.echo(payload.clone()).await?;
            count += 1;
        }
        anyhow::Ok(count)
    });
    let (there, until, start) = (contestant.clone(), plan.until(), Instant::now());
    let small = tokio::spawn(async move {
        let mut latencies = Latencies::default();
        while latencies.count() < 20 || Instant::now() < until {
            let start = Instant::now();
            there.add_one(1).await?;
            latencies.add_since(start);
        }
        anyhow::Ok(latencies)
    });
    let mut latencies = small.await??;
    enough.store(true, Ordering::Relaxed);
    let large: u32 = large.await??;
    tell("C'/p50_us", latencies.micros_at(0.5));
    tell("C'/p99_us", latencies.micros_at(0.99));
    tell("C'/max_us", latencies.micros_at(1.0));
    tell(
        "C'/large_per_s",
        f64::from(large) / start.elapsed().as_secs_f64(),
    );
    Ok(())
}
