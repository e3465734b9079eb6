use std::time::Instant;

use anyhow::ensure;

use crate::{Contestant, CpuTime, Latencies, Plan, tell};

/// Calls before the first that counts.
pub(crate) const WARM_UP: u64 = 500;

/// Work A: warm calls without work, one after the other.
///
/// # Errors
///
/// A call fails, or its answer is wrong.
pub async fn warm(contestant: &impl Contestant, plan: &Plan) -> anyhow::Result<()> {
    for number in 0..WARM_UP {
        contestant.add_one(number).await?;
    }
    let (cpu, until) = (CpuTime::now(contestant.runner()), plan.until());
    let mut latencies = Latencies::default();
    while latencies.count() < plan.calls || Instant::now() < until {
        let number = latencies.count() as u64;
        let start = Instant::now();
        let next = contestant.add_one(number).await?;
        latencies.add_since(start);
        ensure!(next == number + 1, "{next} follows {number}");
    }
    tell("A/cpu_us", cpu.micros_per_call(latencies.count()));
    tell_all(&mut latencies);
    Ok(())
}

pub(crate) fn tell_all(latencies: &mut Latencies) {
    tell("A/p50_us", latencies.micros_at(0.5));
    tell("A/p99_us", latencies.micros_at(0.99));
}
