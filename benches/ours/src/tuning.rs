//! What the choices of a user do to the numbers: the claims of the guide's chapter *Tuning*.

use std::time::{Duration, Instant};

use bytes::Bytes;
use flame::{Blob, Pool, channel};
use works::{Latencies, Plan, tell};

/// How long a body of the work about slots waits for something else.
const WAITS: Duration = Duration::from_millis(2);
/// How long a body of the work about blocking keeps a core busy.
const BUSY: Duration = Duration::from_millis(20);
/// How many callers there are.
const CALLERS: usize = 64;
/// How many items the works about batches and channels move.
const ITEMS: u64 = 20_000;

/// All of them, one after the other.
pub(crate) async fn measure(plan: &Plan) -> anyhow::Result<()> {
    for slots in [1, 4, 16, 64] {
        let rate = calls_that_wait(slots, plan).await?;
        tell(&format!("T/max_concurrency/{slots}/calls_per_s"), rate);
    }
    bodies(plan).await?;
    payloads(plan).await?;
    for size in [1, 10, 100, 1000] {
        let micros = items_in_batches(size).await?;
        tell(&format!("T/batch/{size}/us_each"), micros);
    }
    for bytes in [8, 1 << 10, 64 << 10] {
        let rate = through_a_channel(bytes).await?;
        tell(&format!("T/channel/{bytes}/mb_per_s"), rate);
    }
    runtimes(plan)
}

/// A runner that stands ready.
async fn one_runner(slots: usize) -> anyhow::Result<Pool> {
    let builder = Pool::builder("tuning").max(1).max_concurrency(slots);
    let pool = builder.start().await?;
    flame::call!(pool, || ()).await?;
    Ok(pool)
}

/// From 64 callers, of bodies that wait for something else and need no core.
async fn calls_that_wait(slots: usize, plan: &Plan) -> anyhow::Result<f64> {
    let pool = one_runner(slots).await?;
    let (start, until) = (Instant::now(), plan.until());
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut calls = 0;
                while Instant::now() < until {
                    flame::call!(pool, || async { tokio::time::sleep(WAITS).await }).await?;
                    calls += 1;
                }
                anyhow::Ok(calls)
            })
        })
        .collect();
    let mut calls = 0;
    for caller in callers {
        calls += caller.await??;
    }
    let rate = f64::from(calls) / start.elapsed().as_secs_f64();
    pool.shutdown().await;
    Ok(rate)
}

/// A body that blocks has a thread of its own: that costs a little, and keeps others from waiting for it.
async fn bodies(plan: &Plan) -> anyhow::Result<()> {
    let pool = one_runner(CALLERS).await?;
    let on_a_task = async || Ok(flame::call!(pool, || async { 1 }).await?);
    tell("T/body/async/p50_us", median(plan, on_a_task).await?);
    let on_a_thread = async || Ok(flame::call!(pool, || 1).await?);
    tell("T/body/blocking/p50_us", median(plan, on_a_thread).await?);

    let quick = async || Ok(flame::call!(pool, || async { 1 }).await?);
    let busy = Beside::start(&pool, |pool| async move {
        Ok(flame::call!(pool, || async { keep_busy() }).await?)
    });
    tell("T/beside/busy_async/p50_us", median(plan, quick).await?);
    busy.end().await?;
    let busy = Beside::start(&pool, |pool| async move {
        Ok(flame::call!(pool, || keep_busy()).await?)
    });
    tell("T/beside/busy_blocking/p50_us", median(plan, quick).await?);
    busy.end().await?;
    pool.shutdown().await;
    Ok(())
}

fn keep_busy() {
    let start = Instant::now();
    while start.elapsed() < BUSY {
        std::hint::spin_loop();
    }
}

/// Eight callers that do something all the time.
struct Beside(Vec<tokio::task::JoinHandle<anyhow::Result<()>>>);

impl Beside {
    fn start<F>(pool: &Pool, call: impl Fn(Pool) -> F + Copy + Send + 'static) -> Self
    where
        F: Future<Output = anyhow::Result<()>> + Send,
    {
        let caller = || {
            let pool = pool.clone();
            tokio::spawn(async move {
                loop {
                    call(pool.clone()).await?;
                }
            })
        };
        Self((0..8).map(|_| caller()).collect())
    }

    /// Cancels what they have under way.
    async fn end(self) -> anyhow::Result<()> {
        for caller in self.0 {
            caller.abort();
            match caller.await {
                Ok(ended) => ended?,
                Err(error) => anyhow::ensure!(error.is_cancelled(), "a caller panicked"),
            }
        }
        Ok(())
    }
}

/// One mebibyte there and back, in the ways that a user may write it.
async fn payloads(plan: &Plan) -> anyhow::Result<()> {
    let pool = one_runner(1).await?;
    let bytes = works::sample(1 << 20);
    let blob = async || {
        let blob = Blob(bytes.clone());
        let back: Blob = flame::call!(pool, |blob| async move { blob }).await?;
        Ok(back.0.len())
    };
    tell("T/payload/blob/ms", median(plan, blob).await? / 1e3);
    let vector = async || {
        let vector: Vec<u8> = bytes.to_vec();
        let back = flame::call!(pool, |vector| async move { vector }).await?;
        Ok(back.len())
    };
    tell("T/payload/vec_u8/ms", median(plan, vector).await? / 1e3);
    let numbers: Vec<u64> = (0..(1 << 17)).map(|it| it << 40).collect();
    let numbers = async || {
        let numbers = numbers.clone();
        let back = flame::call!(pool, |numbers| async move { numbers }).await?;
        Ok(back.len())
    };
    tell("T/payload/vec_u64/ms", median(plan, numbers).await? / 1e3);
    pool.shutdown().await;
    Ok(())
}

/// What one of many small items costs when so many make one call, four calls at a time.
async fn items_in_batches(size: usize) -> anyhow::Result<f64> {
    let pool = one_runner(4).await?;
    let items: Vec<u64> = (0..ITEMS).collect();
    let batches: Vec<Vec<u64>> = items.chunks(size).map(<[u64]>::to_vec).collect();
    let start = Instant::now();
    let mut sums = pool.map(batches, |batch| {
        flame::task!(|batch| async move { batch.iter().sum::<u64>() })
    });
    let mut total = 0;
    while let Some((_, sum)) = sums.next().await {
        total += sum?;
    }
    let micros = start.elapsed().as_secs_f64() * 1e6 / ITEMS as f64;
    anyhow::ensure!(total == ITEMS * (ITEMS - 1) / 2, "the sum is {total}");
    pool.shutdown().await;
    Ok(micros)
}

/// Items of this size to a task, as fast as its window lets them.
async fn through_a_channel(bytes: usize) -> anyhow::Result<f64> {
    let pool = one_runner(1).await?;
    let (items, inbox) = channel::<Blob>();
    let received = flame::call!(pool, |inbox| async move {
        let (mut inbox, mut received) = (inbox, 0_u64);
        while let Some(Blob(item)) = inbox.recv().await? {
            received += item.len() as u64;
        }
        anyhow::Ok(received)
    });
    let received = tokio::spawn(received.no_timeout());
    let (item, start) = (works::sample(bytes), Instant::now());
    let count = ((64 << 20) / bytes).min(ITEMS as usize);
    for _ in 0..count {
        items.send(Blob(Bytes::clone(&item))).await?;
    }
    drop(items);
    let received = received.await???;
    let seconds = start.elapsed().as_secs_f64();
    anyhow::ensure!(received == (count * bytes) as u64, "{received} bytes came");
    pool.shutdown().await;
    Ok(received as f64 / seconds / 1e6)
}

/// A parent on one thread, beside one on all cores. The runner is the same.
fn runtimes(plan: &Plan) -> anyhow::Result<()> {
    for (name, is_wide) in [("one_thread", false), ("all_cores", true)] {
        let work = move |plan: Plan| {
            let mut builder = match is_wide {
                true => tokio::runtime::Builder::new_multi_thread(),
                false => tokio::runtime::Builder::new_current_thread(),
            };
            builder.enable_all().build()?.block_on(async {
                let pool = one_runner(1).await?;
                let call = async || Ok(flame::call!(pool, || async { 1 }).await?);
                let micros = median(&plan, call).await?;
                pool.shutdown().await;
                anyhow::Ok(micros)
            })
        };
        let plan = plan.clone();
        let ended = std::thread::spawn(move || work(plan)).join();
        let micros = ended.map_err(|_| anyhow::anyhow!("a runtime panicked"))??;
        tell(&format!("T/runtime/{name}/p50_us"), micros);
    }
    Ok(())
}

/// Of one call after the other, in microseconds.
async fn median<T>(plan: &Plan, call: impl AsyncFn() -> anyhow::Result<T>) -> anyhow::Result<f64> {
    for _ in 0..20 {
        call().await?;
    }
    let (mut latencies, until) = (Latencies::default(), plan.until());
    while latencies.count() < 5 || Instant::now() < until {
        let start = Instant::now();
        call().await?;
        latencies.add_since(start);
    }
    Ok(latencies.micros_at(0.5))
}
