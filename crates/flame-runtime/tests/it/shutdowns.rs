use std::sync::Arc;
use std::time::Duration;

use flame_runtime::{CallError, Outcome};
use flame_testkit::ScriptedBackend;
use tokio::time::Instant;

use super::{add, lingers, pool, settle, takes};

#[tokio::test(start_paused = true)]
async fn running_work_finishes_waiting_work_is_refused_and_nothing_is_left() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let running = tokio::spawn(takes(2_000).on(&pool));
    settle().await;
    let waiting = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    let started = Instant::now();
    pool.shutdown().await;
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(running.await.unwrap().unwrap(), 2_000);
    let error = waiting.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::PoolShutdown), "{error}");
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert!(backend.undestroyed().is_empty());
    let error = add(1, 1).on(&pool).await.unwrap_err();
    assert!(matches!(error, CallError::PoolShutdown), "{error}");
}

#[tokio::test(start_paused = true)]
async fn work_that_does_not_end_within_shutdown_timeout_is_cancelled() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .no_timeout()
        .shutdown_timeout(Duration::from_secs(15))
        .start()
        .await
        .unwrap();
    let running = tokio::spawn(lingers().on(&pool));
    settle().await;
    let started = Instant::now();
    pool.shutdown().await;
    let elapsed = started.elapsed().as_secs();
    assert!((15..25).contains(&elapsed), "{elapsed} s");
    let error = running.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::Cancelled { .. }), "{error}");
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_boot_under_way_is_given_up() {
    let backend = ScriptedBackend::new()
        .delays(Duration::from_secs(20))
        .boots();
    let backend = Arc::new(backend);
    let pool = pool(&backend).start().await.unwrap();
    let call = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    let started = Instant::now();
    pool.shutdown().await;
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(matches!(call.await.unwrap(), Err(CallError::PoolShutdown)));
    assert!(backend.undestroyed().is_empty());
}
