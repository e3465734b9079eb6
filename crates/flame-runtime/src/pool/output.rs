//! What a pool's runners write, in the log of this process.

mod escape;
mod event;

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flame_core::backend::{OutputLine, OutputSink, OutputStream};
use flame_core::quota::{Passed, Quota};
use flame_core::{PoolName, RunnerId};
use tracing::Level;

use crate::threads::Threads;
use escape::escape;

/// How many lines, and how many events, of one runner reach the log of its parent in one second; the rest is counted
/// and dropped.
pub const OUTPUT_PER_SECOND: u32 = 1_000;

/// The target of all that runners tell.
const TARGET: &str = "flame::runner";

/// How important a line is. Nobody can know, and programs write all kinds of things to their standard error.
const LEVEL: Level = Level::INFO;

/// How much a pool has dropped of what its runners wrote.
#[derive(Clone, Debug, Default)]
pub(super) struct Dropped(Arc<AtomicU64>);

impl Dropped {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn more(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }
}

/// Where the lines of this runner go.
///
/// Each becomes an event, if a subscriber wants such events. If none does, it is written to the same stream of this
/// process, as it is, so that nothing is lost where nobody has set up logging.
pub(super) fn sink(
    pool: &PoolName,
    runner: RunnerId,
    dropped: &Dropped,
    threads: &Threads,
) -> OutputSink {
    let (pool, dropped, threads) = (pool.clone(), dropped.clone(), threads.clone());
    let quota = Mutex::new(Quota::per_second(OUTPUT_PER_SECOND));
    OutputSink::new(move |line| {
        if !tracing::enabled!(target: TARGET, LEVEL) {
            return pass_on(line);
        }
        // A quota is changed in a single step.
        let mut quota = quota.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = quota.ask(threads.now());
        drop(quota);
        match passed {
            Some(passed) => tell(&pool, runner, line, passed),
            None => dropped.more(1),
        }
    })
}

fn tell(
    pool: &PoolName,
    runner: RunnerId,
    line: OutputLine<'_>,
    Passed { dropped_before }: Passed,
) {
    let text = line.text();
    tracing::event!(
        target: TARGET,
        LEVEL,
        %pool,
        %runner,
        stream = %line.stream,
        goes_on = line.goes_on.then_some(true),
        dropped_before = (dropped_before > 0).then_some(dropped_before),
        "{}",
        escape(&text)
    );
}

/// A line is one write, so that lines of several runners do not mix.
fn pass_on(line: OutputLine<'_>) {
    // This process's own output may be closed. That must not trouble the runner.
    let _ = match line.stream {
        OutputStream::Stdout => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(line.bytes).and_then(|()| stdout.flush())
        }
        OutputStream::Stderr => io::stderr().write_all(line.bytes),
    };
}
