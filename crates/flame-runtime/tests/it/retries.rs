use std::sync::Arc;

use flame_core::backend::ExitReport;
use flame_runtime::{CallError, CastOptions};
use flame_task::{Ctx, Task, task};
use flame_testkit::ScriptedBackend;

use super::{pool, settle};

/// Waits to be killed the first times, and then says how often it was tried.
fn survives_from(attempt: u32) -> Task<(u32, String)> {
    task!(|attempt, cx: Ctx| async move {
        if cx.attempt() < attempt {
            std::future::pending::<()>().await;
        }
        (cx.attempt(), cx.idempotency_key().to_owned())
    })
}

/// Kills the runner that the `nth` boot gave, once it has work.
async fn kill_busy(backend: &ScriptedBackend, nth: usize) {
    let instance = backend.nth_create(nth).await;
    settle().await;
    assert!(backend.kill(&instance, ExitReport::default()));
    settle().await;
}

#[tokio::test(start_paused = true)]
async fn idempotent_work_is_begun_again_when_its_runner_is_lost() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let call = tokio::spawn(pool.call(survives_from(3)).idempotent(2));
    kill_busy(&backend, 0).await;
    kill_busy(&backend, 1).await;
    let (attempt, key) = call.await.unwrap().unwrap();
    assert_eq!(attempt, 3);
    assert!(key.ends_with("-1"), "one call, one key: {key}");
    let totals = pool.snapshot().counts.totals;
    assert_eq!(
        (
            totals.submitted,
            totals.retried,
            totals.returned,
            totals.lost
        ),
        (1, 2, 1, 0)
    );
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn when_no_try_is_left_the_caller_hears_of_the_loss() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let call = tokio::spawn(pool.call(survives_from(9)).idempotent(1));
    kill_busy(&backend, 0).await;
    kill_busy(&backend, 1).await;
    let error = call.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::RunnerLost(_)), "{error}");
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn other_work_is_never_begun_twice() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let call = tokio::spawn(pool.call(survives_from(2)));
    kill_busy(&backend, 0).await;
    let error = call.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::RunnerLost(_)), "{error}");
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn casts_and_maps_may_be_idempotent_too() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let options = CastOptions::new().idempotent(1);
    let cast = pool.cast_with(survives_from(2), options).unwrap();
    kill_busy(&backend, 0).await;
    assert_eq!(cast.join().await.unwrap().0, 2);

    let mapped = pool.clone();
    let map = tokio::spawn(async move {
        let map = mapped.map([2], survives_from).idempotent(1);
        map.in_order().await
    });
    kill_busy(&backend, 1).await;
    let results = map.await.unwrap();
    assert_eq!(results[0].as_ref().unwrap().0, 2);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_try_again_that_meets_a_shutdown_ends_with_the_loss() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let call = tokio::spawn(pool.call(survives_from(2)).idempotent(5));
    let instance = backend.nth_create(0).await;
    settle().await;
    let ending = tokio::spawn({
        let pool = pool.clone();
        async move { pool.shutdown().await }
    });
    settle().await;
    assert!(backend.kill(&instance, ExitReport::default()));
    let error = call.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::RunnerLost(_)), "{error}");
    ending.await.unwrap();
}
