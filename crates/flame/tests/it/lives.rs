use std::time::Duration;

use flame::{Pool, RunnerSnapshot, call};

use crate::processes::{eventually, is_alive};
use crate::tasks::{pool, process_id};

#[tokio::test]
async fn a_runner_goes_when_it_has_been_idle_and_comes_back_on_demand() {
    let pool = pool("idle")
        .idle_shutdown_after(Duration::from_millis(50))
        .start()
        .await
        .unwrap();
    let first = process_id().on(&pool).await.unwrap();
    eventually("the idle runner is gone", || !is_alive(first)).await;
    eventually("the pool knows", || pool.snapshot().runners.is_empty()).await;
    let second = process_id().on(&pool).await.unwrap();
    assert_ne!(first, second);
    pool.shutdown().await;
    assert!(!is_alive(second));
}

#[tokio::test]
async fn the_minimum_is_there_before_the_first_call_and_is_restored() {
    let pool = pool("minimum").min(2).max(2).start().await.unwrap();
    let pids = || -> Vec<u32> {
        let runners = pool.snapshot().runners;
        runners
            .iter()
            .filter(|runner| runner.attached)
            .filter_map(process_of)
            .collect()
    };
    let attached = pool.snapshot().runners;
    assert_eq!(attached.iter().filter(|runner| runner.attached).count(), 2);
    // A copy may call back before the answer to its creation, and with it its name, is there.
    eventually("the backend has named both", || pids().len() == 2).await;
    let before = pids();
    let victim = rustix::process::Pid::from_raw(before[0] as i32).unwrap();
    rustix::process::kill_process(victim, rustix::process::Signal::KILL).unwrap();
    eventually("there are two again", || {
        let now = pids();
        now.len() == 2 && !now.contains(&before[0])
    })
    .await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_single_use_runner_runs_one_call() {
    let pool = pool("single_use").single_use().start().await.unwrap();
    let first = process_id().on(&pool).await.unwrap();
    let second = process_id().on(&pool).await.unwrap();
    assert_ne!(first, second);
    pool.shutdown().await;
}

/// The backend names its instances by their process.
fn process_of(runner: &RunnerSnapshot) -> Option<u32> {
    runner
        .provider_id
        .as_ref()?
        .strip_prefix("pid ")?
        .parse()
        .ok()
}

/// Shared by two runtimes, one after the other.
static SHARED: Pool = Pool::new("shared")
    .max(1)
    .idle_shutdown_after(Duration::from_secs(60));

#[test]
fn two_runtimes_one_after_the_other_use_one_static_pool() {
    let use_it = || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async { process_id().on(&SHARED).await.unwrap() })
    };
    let (first, second) = (use_it(), use_it());
    assert_eq!(
        first, second,
        "the runner outlived the runtime that booted it"
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(SHARED.shutdown());
}

#[tokio::test]
async fn a_dropped_pool_takes_its_runners_along() {
    let pool = pool("dropped").start().await.unwrap();
    let there = process_id().on(&pool).await.unwrap();
    drop(pool);
    eventually("the runner is gone", || !is_alive(there)).await;
}

#[tokio::test]
async fn a_dropped_call_cancels_its_work_and_frees_the_slot() {
    let pool = pool("dropped_call")
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let call = tokio::spawn(call!(
        pool,
        || async move { std::future::pending::<()>().await }
    ));
    eventually("it runs", || pool.snapshot().counts.running == 1).await;
    call.abort();
    eventually("its slot is free", || pool.snapshot().counts.running == 0).await;
    assert!(process_id().on(&pool).await.is_ok());
    pool.shutdown().await;
}
