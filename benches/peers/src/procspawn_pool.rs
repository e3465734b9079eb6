//! The pool of the `procspawn` crate: a thread and a blocking call for each runner.

use std::time::Instant;

use anyhow::ensure;
use bytes::Bytes;
use procspawn::Pool;
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_bytes::ByteBuf;
use works::{BlockingContestant, Latencies, Meeting, Plan, RUNNERS, Work, tell};

/// What a waiting call holds.
const DESCRIPTORS: u64 = 4;

struct OneRunner {
    pool: Pool,
    runner: u32,
}

impl OneRunner {
    fn boot() -> anyhow::Result<Self> {
        let pool = Pool::new(1)?;
        let runner = pool.spawn((), |()| std::process::id()).join()?;
        Ok(Self { pool, runner })
    }
}

impl BlockingContestant for OneRunner {
    fn add_one(&self, number: u64) -> anyhow::Result<u64> {
        Ok(self.pool.spawn(number, |number| number + 1).join()?)
    }

    fn echo(&self, bytes: &Bytes) -> anyhow::Result<()> {
        let argument = ByteBuf::from(bytes.to_vec());
        let echoed = self.pool.spawn(argument, |bytes| bytes).join()?;
        ensure!(
            echoed.len() == bytes.len() && echoed.last() == bytes.last(),
            "another echo"
        );
        Ok(())
    }

    fn runner(&self) -> u32 {
        self.runner
    }

    fn is_concurrent(&self) -> bool {
        true
    }
}

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<()> {
    for work in &plan.works {
        match work {
            Work::Cold => cold(plan)?,
            Work::Burst => burst(plan)?,
            Work::Queued => queued()?,
            _ => works::blocking(&OneRunner::boot()?, *work, plan)?,
        }
    }
    Ok(())
}

fn cold(plan: &Plan) -> anyhow::Result<()> {
    let mut latencies = Latencies::default();
    for _ in 0..2 * plan.repeats {
        let start = Instant::now();
        let pool = Pool::new(1)?;
        let next = pool.spawn(41_u64, |number| number + 1).join()?;
        latencies.add_since(start);
        ensure!(next == 42, "{next} follows 41");
        pool.shutdown();
    }
    tell("D/p50_ms", latencies.micros_at(0.5) / 1e3);
    tell("D/max_ms", latencies.micros_at(1.0) / 1e3);
    Ok(())
}

fn burst(plan: &Plan) -> anyhow::Result<()> {
    let mut latencies = Latencies::default();
    for _ in 0..plan.repeats {
        let meeting = Meeting::of(RUNNERS)?;
        let start = Instant::now();
        let pool = Pool::new(RUNNERS)?;
        let calls: Vec<_> = (0..RUNNERS)
            .map(|_| pool.spawn(meeting.place(), |at| works::meet(&at).is_ok()))
            .collect();
        for call in calls {
            ensure!(call.join()?, "a runner was not at the meeting");
        }
        latencies.add_since(start);
        meeting.ended()?;
        pool.shutdown();
    }
    tell("E/p50_ms", latencies.micros_at(0.5) / 1e3);
    tell("E/max_ms", latencies.micros_at(1.0) / 1e3);
    Ok(())
}

/// It has no more than one call at a time on a runner.
fn queued() -> anyhow::Result<()> {
    let there = OneRunner::boot()?;
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit)?;
    let all = limit.maximum.unwrap_or(u64::MAX);
    ensure!(
        all > DESCRIPTORS * works::CALLS as u64,
        "each waiting call holds {DESCRIPTORS} descriptors, and this process may have {all} in all"
    );
    let before = works::descriptors()?;
    let start = Instant::now();
    let calls: Vec<_> = (0..works::CALLS as u64)
        .map(|number| there.pool.spawn(number, |number| number + 1))
        .collect();
    let during = works::descriptors()?;
    for call in calls {
        call.join()?;
    }
    tell("G/ms", start.elapsed().as_secs_f64() * 1e3);
    tell("G/descriptors", during.saturating_sub(before) as f64);
    Ok(())
}
