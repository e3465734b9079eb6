//! The milder and the harsher ways to end a pool.

use std::sync::Arc;
use std::time::Duration;

use flame_runtime::{CallError, Outcome, Pool};
use flame_testkit::ScriptedBackend;
use tokio::task::JoinHandle;

use super::{add, lingers, pool, settle, takes};

/// A pool of one slot, with a call that runs for a second and ten that wait.
async fn busy(backend: &Arc<ScriptedBackend>) -> (Pool, Vec<JoinHandle<Result<u64, CallError>>>) {
    let pool = pool(backend).max_concurrency(1).start().await.unwrap();
    let mut calls = Vec::new();
    for _ in 0..11 {
        calls.push(tokio::spawn(takes(1_000).on(&pool)));
        settle().await;
    }
    (pool, calls)
}

fn ends(pool: &Pool, patience: Duration) -> JoinHandle<()> {
    let pool = pool.clone();
    tokio::spawn(async move { pool.drain(patience).await })
}

#[tokio::test(start_paused = true)]
async fn a_drain_serves_who_waits_and_refuses_who_comes() {
    let backend = Arc::new(ScriptedBackend::new());
    let (pool, calls) = busy(&backend).await;
    let drained = ends(&pool, Duration::from_secs(3_600));
    settle().await;
    let refused = add(1, 1).on(&pool).await.unwrap_err();
    assert!(matches!(refused, CallError::PoolShutdown), "{refused}");
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 1_000);
    }
    drained.await.unwrap();
    assert!(backend.undestroyed().is_empty());
    assert!(pool.snapshot().runners.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_drain_whose_patience_is_over_is_a_shutdown() {
    let backend = Arc::new(ScriptedBackend::new());
    let (pool, calls) = busy(&backend).await;
    pool.drain(Duration::from_millis(3_500)).await;
    let mut served = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => served += 1,
            Err(CallError::PoolShutdown) => {}
            Err(other) => panic!("{other}"),
        }
    }
    // Three had ended, and the fourth had the time to.
    assert_eq!(served, 4);
    let counts = pool.snapshot().counts;
    assert_eq!(counts.totals.rejected.pool_shutdown, 7);
}

#[tokio::test(start_paused = true)]
async fn a_pool_without_work_is_drained_at_once_and_a_pool_that_never_started_too() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).min(1).start().await.unwrap();
    let before = tokio::time::Instant::now();
    pool.drain(Duration::from_secs(3_600)).await;
    assert!(before.elapsed() < Duration::from_secs(60));
    assert!(backend.undestroyed().is_empty());

    let never = Pool::new("never").max(1);
    never.drain(Duration::from_secs(3_600)).await;
    never.kill().await;
}

#[tokio::test(start_paused = true)]
async fn a_kill_ends_everything_at_once() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let running = tokio::spawn(lingers().on(&pool));
    settle().await;
    let waiting = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    pool.kill().await;
    let running = running.await.unwrap().unwrap_err();
    assert!(matches!(running, CallError::Cancelled { .. }), "{running}");
    assert_eq!(running.outcome(), Outcome::Unknown);
    let waiting = waiting.await.unwrap().unwrap_err();
    assert!(matches!(waiting, CallError::PoolShutdown), "{waiting}");
    assert!(backend.undestroyed().is_empty());
    let counts = pool.snapshot().counts;
    assert_eq!(
        (counts.queued, counts.running, counts.unconfirmed),
        (0, 0, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_kill_overtakes_a_shutdown_that_waits() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .shutdown_timeout(Duration::from_secs(3_600))
        .start()
        .await
        .unwrap();
    let running = tokio::spawn(takes(3_000_000).on(&pool).no_timeout());
    settle().await;
    let stopped = tokio::spawn({
        let pool = pool.clone();
        async move { pool.shutdown().await }
    });
    settle().await;
    assert!(!stopped.is_finished());
    pool.kill().await;
    stopped.await.unwrap();
    let error = running.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::Cancelled { .. }), "{error}");
}
