use std::sync::Arc;
use std::time::Duration;

use flame_runtime::{CallError, Outcome};
use flame_testkit::ScriptedBackend;
use tokio::time::{Instant, sleep};

use super::{add, lingers, pool, settle, takes};

#[tokio::test(start_paused = true)]
async fn callers_are_served_in_the_order_in_which_they_came() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut calls = Vec::new();
    for n in 0..20u32 {
        let (call, order) = (add(n, 0).on(&pool), order.clone());
        calls.push(tokio::spawn(async move {
            let n = call.await.unwrap();
            order.lock().unwrap().push(n);
        }));
        settle().await;
    }
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn one_deadline_counts_waiting_and_running_together() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let first = tokio::spawn(takes(700).on(&pool));
    settle().await;
    let started = Instant::now();
    let error = takes(700)
        .on(&pool)
        .timeout(Duration::from_secs(1))
        .await
        .unwrap_err();
    assert_eq!(started.elapsed().as_millis(), 1_000);
    assert!(
        matches!(error, CallError::DeadlineExceeded { .. }),
        "{error}"
    );
    assert_eq!(first.await.unwrap().unwrap(), 700);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn callers_above_the_limit_are_refused_at_once() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .max_concurrency(1)
        .max_queue(1)
        .start()
        .await
        .unwrap();
    let running = tokio::spawn(lingers().on(&pool));
    settle().await;
    let waiting = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    let error = add(2, 2).on(&pool).await.unwrap_err();
    assert!(
        matches!(error, CallError::QueueFull { limit: 1 }),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotStarted);
    running.abort();
    assert_eq!(waiting.await.unwrap().unwrap(), 2);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_leaves_while_it_waits_leaves_no_trace() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let running = tokio::spawn(lingers().on(&pool));
    settle().await;
    let waiting = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    assert_eq!(pool.snapshot().counts.queued, 1);
    waiting.abort();
    settle().await;
    assert_eq!(pool.snapshot().counts.queued, 0);
    running.abort();
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_never_polled_never_happened() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    drop(add(1, 1).on(&pool));
    settle().await;
    assert!(backend.journal().is_empty());
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_detached_call_goes_on_when_its_future_is_dropped() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let call = tokio::spawn(takes(5_000).on(&pool).detached());
    settle().await;
    call.abort();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(pool.snapshot().counts.running, 1);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(pool.snapshot().counts.running, 0);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_tells_what_has_run_for_the_longest_time_and_not_what_waits_or_is_there_to_stay()
{
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(3).start().await.unwrap();
    let oldest = || {
        let oldest = pool.snapshot().oldest_running;
        oldest.map(|oldest| oldest.as_millis())
    };
    assert_eq!(oldest(), None);
    let stays = pool.place_task(takes(100_000)).await.unwrap();
    sleep(Duration::from_secs(5)).await;
    assert_eq!(oldest(), None);
    let long = tokio::spawn(takes(3_000).on(&pool));
    sleep(Duration::from_secs(1)).await;
    let short = tokio::spawn(takes(3_000).on(&pool));
    settle().await;
    let waits = tokio::spawn(takes(3_000).on(&pool));
    sleep(Duration::from_millis(500)).await;
    assert_eq!(oldest(), Some(1_500));
    long.await.unwrap().unwrap();
    settle().await;
    assert_eq!(oldest(), Some(2_000));
    short.await.unwrap().unwrap();
    settle().await;
    // It has waited for the first to end.
    assert_eq!(oldest(), Some(1_000));
    waits.await.unwrap().unwrap();
    settle().await;
    assert_eq!(oldest(), None);
    drop(stays);
    pool.shutdown().await;
}
