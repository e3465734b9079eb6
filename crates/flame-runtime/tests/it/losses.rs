use std::sync::Arc;
use std::time::Duration;

use flame_core::backend::{ExitKind, ExitReport};
use flame_runtime::{CallError, LossReason, Outcome};
use flame_testkit::ScriptedBackend;

use super::{add, lingers, pool, settle};

#[tokio::test(start_paused = true)]
async fn who_ran_on_a_lost_runner_is_told_how_it_ended_and_who_waited_is_served_by_another() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let running = tokio::spawn(lingers().on(&pool));
    settle().await;
    let waiting = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    let instance = backend.nth_create(0).await;
    let report = ExitReport {
        how: ExitKind::OutOfMemory,
        stderr_tail: Vec::new(),
    };
    assert!(backend.kill(&instance, report.clone()));

    let error = running.await.unwrap().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    let CallError::RunnerLost(lost) = error else {
        panic!("{error}")
    };
    assert_eq!(lost.reason, LossReason::Exited(report));
    assert_eq!(waiting.await.unwrap().unwrap(), 2);
    pool.shutdown().await;
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_destroy_that_fails_is_repeated_until_it_succeeds() {
    let backend = Arc::new(ScriptedBackend::new().fails_to_destroy(3));
    let pool = pool(&backend).start().await.unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    pool.shutdown().await;
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_idle_runner_is_taken_down_and_the_next_call_boots_another() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .idle_shutdown_after(Duration::from_secs(10))
        .start()
        .await
        .unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    tokio::time::sleep(Duration::from_secs(9)).await;
    assert_eq!(pool.snapshot().counts.ready, 1);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(pool.snapshot().runners.len(), 0);
    assert_eq!(add(2, 2).on(&pool).await.unwrap(), 4);
    pool.shutdown().await;
}
