use std::sync::Arc;
use std::time::Duration;

use flame_runtime::CallError;
use flame_task::{Resident, ResidentLoss, Task, task};
use flame_testkit::ScriptedBackend;

use super::{pool, settle};

fn load(number: u32) -> Task<Resident<u32>> {
    task!(|number| async move { Resident::new(number) })
}

/// Takes a while, and gives back the value.
fn ask(value: Resident<u32>, millis: u64) -> Task<Option<u32>> {
    task!(|value, millis| async move {
        tokio::time::sleep(Duration::from_millis(millis)).await;
        value.get().copied()
    })
}

#[tokio::test(start_paused = true)]
async fn a_runner_stays_for_its_values_however_long_nobody_asks_for_them() {
    let backend = Arc::new(ScriptedBackend::new());
    let idle = Duration::from_secs(1);
    let pool = pool(&backend)
        .idle_shutdown_after(idle)
        .start()
        .await
        .unwrap();
    let value = load(7).on(&pool).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert_eq!(ask(value.clone(), 0).on(&pool).await.unwrap(), Some(7));
    drop(value);
    settle().await;
    assert_eq!(pool.snapshot().counts.residents, 0);
    tokio::time::sleep(2 * idle).await;
    assert_eq!(pool.snapshot().counts.ready, 0);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_value_has_a_deadline_and_an_end() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .max(3)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let value = load(7).on(&pool).await.unwrap();
    let first = pool.cast(ask(value.clone(), 10_000)).unwrap();
    settle().await;
    let hasty = ask(value.clone(), 0)
        .on(&pool)
        .queue_timeout(Duration::from_secs(1));
    let error = hasty.await.unwrap_err();
    assert!(matches!(error, CallError::QueueTimeout { .. }), "{error}");
    let second = pool.cast(ask(value.clone(), 1)).unwrap();
    let left = pool.cast(ask(value, 1)).unwrap();
    assert_eq!(pool.snapshot().counts.pinned, 2);
    left.abort();
    assert_eq!(pool.snapshot().counts.pinned, 1);
    assert_eq!(first.join().await.unwrap(), Some(7));
    assert_eq!(second.join().await.unwrap(), Some(7));
    settle().await;
    assert_eq!(
        pool.snapshot().counts.residents,
        0,
        "no call has its handle any more"
    );
    assert_eq!(
        backend.undestroyed().len(),
        1,
        "no other runner was of any use"
    );
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_drained_pool_serves_those_who_wait_for_a_value_and_then_tells_of_its_end() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let value = load(7).on(&pool).await.unwrap();
    let asked = [100, 100].map(|millis| pool.cast(ask(value.clone(), millis)).unwrap());
    let closed = tokio::spawn(value.closed());
    pool.drain(Duration::from_secs(60)).await;
    for asked in asked {
        assert_eq!(asked.join().await.unwrap(), Some(7));
    }
    assert_eq!(closed.await.unwrap(), ResidentLoss::PoolShutdown);
}

#[tokio::test(start_paused = true)]
async fn a_closed_handle_that_was_let_go_is_told_so() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let value = load(7).on(&pool).await.unwrap();
    let closed = value.closed();
    value.release();
    assert_eq!(closed.await, ResidentLoss::Released);
    pool.shutdown().await;
}
