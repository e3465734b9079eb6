//! Work I: many runners and many callers in one process.

use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use anyhow::ensure;
use flame::{Call, CallError, InProcess, Pool};
use tokio::sync::Semaphore;
use works::{Memory, tell};

const RUNNERS: usize = 500;
const CALLERS: [usize; 2] = [10_000, 100_000];
/// Long enough for a hundred thousand calls on any computer.
const PATIENCE: Duration = Duration::from_secs(600);

/// What calls wait for. It is shared, for the runners are in this process.
static GATE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(0));

pub(crate) async fn measure() -> anyhow::Result<()> {
    let (before, start) = (resident()?, Instant::now());
    let pool = Pool::builder("bench")
        .min(RUNNERS)
        .max(RUNNERS)
        .max_concurrency(1)
        .max_queue(2 * CALLERS[1])
        .timeout(PATIENCE)
        .backend(InProcess::new())
        .start()
        .await?;
    while pool
        .snapshot()
        .runners
        .iter()
        .filter(|it| it.attached)
        .count()
        < RUNNERS
    {
        ensure!(start.elapsed() < PATIENCE, "not all runners are there");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tell("I/runners/ms", start.elapsed().as_secs_f64() * 1e3);
    tell(
        "I/runners/kib_each",
        (resident()? - before) / RUNNERS as f64,
    );
    // What the process keeps of the largest crowd is not what the next one takes.
    for callers in CALLERS {
        crowd(&pool, callers).await?;
    }
    pool.shutdown().await;
    Ok(())
}

/// So many callers wait for runners that are all taken, and are then served.
async fn crowd(pool: &Pool, callers: usize) -> anyhow::Result<()> {
    let mut taken = Vec::with_capacity(RUNNERS);
    for _ in 0..RUNNERS {
        taken.push(submitted(pool).await?);
    }
    let (before, start) = (resident()?, Instant::now());
    let mut waiting = Vec::with_capacity(callers);
    for _ in 0..callers {
        waiting.push(submitted(pool).await?);
    }
    let queued = start.elapsed();
    let each = (resident()? - before) / callers as f64;
    tell(&format!("I/{callers}/bytes_each"), each * 1024.0);
    tell(
        &format!("I/{callers}/queue_us_each"),
        micros_each(queued, callers),
    );

    let start = Instant::now();
    GATE.add_permits(callers + RUNNERS);
    for call in taken.into_iter().chain(waiting) {
        call.await?;
    }
    tell(
        &format!("I/{callers}/serve_us_each"),
        micros_each(start.elapsed(), callers),
    );
    GATE.forget_permits(callers + RUNNERS);
    Ok(())
}

/// A call that has a slot or waits for one.
async fn submitted(pool: &Pool) -> anyhow::Result<Call<()>> {
    let mut call = flame::call!(pool, || async move {
        if let Ok(permit) = GATE.acquire().await {
            permit.forget();
        }
    });
    let first: Poll<Result<(), CallError>> =
        Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop()));
    ensure!(first.is_pending(), "the gate is open: {first:?}");
    // Tokio lets a task make only so many polls that get something before it pauses.
    tokio::task::yield_now().await;
    Ok(call)
}

fn micros_each(all: Duration, count: usize) -> f64 {
    all.as_secs_f64() * 1e6 / count as f64
}

/// In kibibytes.
fn resident() -> anyhow::Result<f64> {
    Ok(Memory::of(std::process::id())?.resident * 1024.0)
}
