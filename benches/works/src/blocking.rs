use std::time::Instant;

use anyhow::ensure;
use bytes::Bytes;

use crate::concurrent::{self, CALLERS};
use crate::{CpuTime, Latencies, Plan, SIZES, Work, large, sample, tell, warm};

/// One way to have something done in another process, for which a thread waits.
pub trait BlockingContestant: Sync {
    /// The number after this one.
    ///
    /// # Errors
    ///
    /// There is no answer.
    fn add_one(&self, number: u64) -> anyhow::Result<u64>;

    /// Whether the same bytes have come back.
    ///
    /// # Errors
    ///
    /// There is no answer, or another one.
    fn echo(&self, bytes: &Bytes) -> anyhow::Result<()>;

    /// The process in which things are done.
    fn runner(&self) -> u32;

    /// Whether several threads can use it at once.
    fn is_concurrent(&self) -> bool;
}

/// The works A, B and C for contestants that block.
///
/// # Errors
///
/// A call fails.
pub fn blocking(
    contestant: &impl BlockingContestant,
    work: Work,
    plan: &Plan,
) -> anyhow::Result<()> {
    match work {
        Work::Warm => one_after_the_other(contestant, plan),
        Work::Concurrent if contestant.is_concurrent() => at_once(contestant, plan),
        Work::Large => echoes(contestant, plan),
        _ => Ok(()),
    }
}

fn one_after_the_other(contestant: &impl BlockingContestant, plan: &Plan) -> anyhow::Result<()> {
    for number in 0..warm::WARM_UP {
        contestant.add_one(number)?;
    }
    let (cpu, until) = (CpuTime::now(contestant.runner()), plan.until());
    let mut latencies = Latencies::default();
    while latencies.count() < plan.calls || Instant::now() < until {
        let number = latencies.count() as u64;
        let start = Instant::now();
        let next = contestant.add_one(number)?;
        latencies.add_since(start);
        ensure!(next == number + 1, "{next} follows {number}");
    }
    tell("A/cpu_us", cpu.micros_per_call(latencies.count()));
    warm::tell_all(&mut latencies);
    Ok(())
}

fn at_once(contestant: &impl BlockingContestant, plan: &Plan) -> anyhow::Result<()> {
    for callers in CALLERS {
        let (cpu, start, until) = (
            CpuTime::now(contestant.runner()),
            Instant::now(),
            plan.until(),
        );
        let caller = || {
            let mut latencies = Latencies::default();
            while latencies.count() < 20 || Instant::now() < until {
                let start = Instant::now();
                contestant.add_one(1)?;
                latencies.add_since(start);
            }
            anyhow::Ok((latencies, CpuTime::own_thread()))
        };
        let (mut latencies, mut own) = (Latencies::default(), 0);
        std::thread::scope(|scope| {
            let callers: Vec<_> = (0..callers).map(|_| scope.spawn(caller)).collect();
            for caller in callers {
                let joined = caller.join();
                let (those, nanos) = joined.map_err(|_| anyhow::anyhow!("a caller panicked"))??;
                latencies.merge(those);
                own += nanos;
            }
            anyhow::Ok(())
        })?;
        let calls = latencies.count();
        let callers_share = own as f64 / 1e3 / calls as f64;
        let micros = cpu.micros_per_call(calls) + callers_share;
        tell(&format!("B/{callers}/cpu_us"), micros);
        concurrent::tell_all(callers, start.elapsed().as_secs_f64(), &mut latencies);
    }
    Ok(())
}

fn echoes(contestant: &impl BlockingContestant, plan: &Plan) -> anyhow::Result<()> {
    for size in SIZES {
        let payload = sample(size);
        let mut latencies = Latencies::default();
        contestant.echo(&payload)?;
        for _ in 0..large::repeats(size, plan) {
            let start = Instant::now();
            contestant.echo(&payload)?;
            latencies.add_since(start);
        }
        large::tell_all(size, &mut latencies);
    }
    Ok(())
}
