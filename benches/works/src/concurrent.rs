use std::time::Instant;

use crate::{Contestant, CpuTime, Latencies, Plan, tell};

/// How many callers there are at once.
pub(crate) const CALLERS: [usize; 4] = [1, 8, 64, 256];

/// Work B: calls without work from many callers at once, on one runner.
///
/// # Errors
///
/// A call fails.
pub async fn concurrent(contestant: &impl Contestant, plan: &Plan) -> anyhow::Result<()> {
    for callers in CALLERS {
        // The first round warms up what only so many callers need.
        measure(contestant, callers, Instant::now()).await?;
        let (cpu, start) = (CpuTime::now(contestant.runner()), Instant::now());
        let mut latencies = measure(contestant, callers, plan.until()).await?;
        let (seconds, calls) = (start.elapsed().as_secs_f64(), latencies.count());
        tell(&format!("B/{callers}/cpu_us"), cpu.micros_per_call(calls));
        tell_all(callers, seconds, &mut latencies);
    }
    Ok(())
}

pub(crate) fn tell_all(callers: usize, seconds: f64, latencies: &mut Latencies) {
    let rate = latencies.count() as f64 / seconds;
    tell(&format!("B/{callers}/calls_per_s"), rate);
    tell(&format!("B/{callers}/p50_us"), latencies.micros_at(0.5));
    tell(&format!("B/{callers}/p99_us"), latencies.micros_at(0.99));
}

/// Each caller makes at least twenty calls.
async fn measure(
    contestant: &impl Contestant,
    callers: usize,
    until: Instant,
) -> anyhow::Result<Latencies> {
    let callers = (0..callers).map(|_| {
        let contestant = contestant.clone();
        tokio::spawn(async move {
            let mut latencies = Latencies::default();
            while latencies.count() < 20 || Instant::now() < until {
                let start = Instant::now();
                contestant.add_one(1).await?;
                latencies.add_since(start);
            }
            anyhow::Ok(latencies)
        })
    });
    let mut latencies = Latencies::default();
    for caller in callers.collect::<Vec<_>>() {
        latencies.merge(caller.await??);
    }
    Ok(latencies)
}
