use std::sync::{Arc, Mutex};
use std::time::Duration;

use flame_core::backend::ExitReport;
use flame_runtime::{CallError, CastFailure, CastOptions, Outcome};
use flame_task::{Task, task};
use flame_testkit::ScriptedBackend;

use super::{add, lingers, pool, settle, takes};

/// What the owner of the pool was told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<CastFailure>>>);

impl Told {
    fn handler(&self) -> impl Fn(CastFailure) + Send + Sync + 'static {
        let told = self.0.clone();
        move |failure| told.lock().unwrap().push(failure)
    }

    /// The failures so far, once there are as many as expected.
    async fn failures(&self, expected: usize) -> Vec<CastFailure> {
        while self.0.lock().unwrap().len() < expected {
            tokio::task::yield_now().await;
        }
        settle().await;
        self.0.lock().unwrap().clone()
    }
}

fn panics() -> Task<()> {
    let why = String::from("on purpose");
    task!(|why| async move { assert!(why.is_empty(), "{why}") })
}

#[tokio::test(start_paused = true)]
async fn a_cast_runs_whether_or_not_its_handle_is_kept() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let kept = pool.cast(add(1, 2)).unwrap();
    drop(pool.cast(takes(5_000)).unwrap());
    assert_eq!(kept.join().await.unwrap(), 3);
    assert_eq!(pool.snapshot().counts.running, 1);
    tokio::time::sleep(Duration::from_secs(6)).await;
    let counts = pool.snapshot().counts;
    assert_eq!((counts.running, counts.totals.returned), (0, 2));
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_cast_that_finds_no_room_is_refused_at_once() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .max_concurrency(1)
        .max_queue(1)
        .start()
        .await
        .unwrap();
    let running = pool.cast(lingers()).unwrap();
    settle().await;
    let waiting = pool.cast(add(1, 1)).unwrap();
    let refused = pool.cast(add(2, 2)).unwrap_err();
    assert!(
        matches!(refused, CallError::QueueFull { limit: 1 }),
        "{refused}"
    );
    assert_eq!(refused.outcome(), Outcome::NotStarted);
    running.abort();
    assert_eq!(waiting.join().await.unwrap(), 2);
    pool.shutdown().await;
    let refused = pool.cast(add(3, 3)).unwrap_err();
    assert!(matches!(refused, CallError::PoolShutdown), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn casts_never_run_beyond_max_concurrency() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(2).start().await.unwrap();
    let casts: Vec<_> = (0..6).map(|_| pool.cast(takes(1_000)).unwrap()).collect();
    settle().await;
    let counts = pool.snapshot().counts;
    assert_eq!((counts.running, counts.queued), (2, 4));
    for cast in casts {
        cast.join().await.unwrap();
    }
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_to_whoever_joins_or_else_to_the_owner() {
    let backend = Arc::new(ScriptedBackend::new());
    let told = Told::default();
    let pool = pool(&backend)
        .on_cast_error(told.handler())
        .start()
        .await
        .unwrap();

    let joined = pool.cast(panics()).unwrap().join().await.unwrap_err();
    assert!(matches!(joined, CallError::Panicked { .. }), "{joined}");

    // Dropped before the failure.
    drop(pool.cast(panics()).unwrap());
    told.failures(1).await;

    // Dropped after the failure.
    let cast = pool.cast(panics()).unwrap();
    while !cast.is_finished() {
        tokio::task::yield_now().await;
    }
    drop(cast);

    let failures = told.failures(2).await;
    assert_eq!(failures.len(), 2);
    for failure in failures {
        assert_eq!(failure.pool, "scripted");
        assert!(failure.error.to_string().contains("on purpose"));
    }
    pool.shutdown().await;
    assert_eq!(told.failures(2).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_join_halfway_detaches_too() {
    let backend = Arc::new(ScriptedBackend::new());
    let told = Told::default();
    let pool = pool(&backend)
        .on_cast_error(told.handler())
        .start()
        .await
        .unwrap();
    let cast = pool.cast(takes(5_000)).unwrap();
    let patience = Duration::from_secs(1);
    assert!(tokio::time::timeout(patience, cast.join()).await.is_err());
    assert_eq!(pool.snapshot().counts.running, 1);
    let instance = backend.nth_create(0).await;
    assert!(backend.kill(&instance, ExitReport::default()));
    let failures = told.failures(1).await;
    let error = &failures[0].error;
    assert!(matches!(error, CallError::RunnerLost(_)), "{error}");
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn an_aborted_cast_is_nobodys_failure() {
    let backend = Arc::new(ScriptedBackend::new());
    let told = Told::default();
    let pool = pool(&backend)
        .on_cast_error(told.handler())
        .start()
        .await
        .unwrap();
    let cast = pool.cast(lingers()).unwrap();
    settle().await;
    cast.abort();
    settle().await;
    let counts = pool.snapshot().counts;
    assert_eq!((counts.running, counts.unconfirmed), (0, 0));
    assert_eq!(counts.totals.left, 1);
    pool.shutdown().await;
    assert!(told.failures(0).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_waiting_cast_is_told_of_once_when_the_pool_shuts_down() {
    let backend = Arc::new(ScriptedBackend::new());
    let told = Told::default();
    let pool = pool(&backend)
        .max_concurrency(1)
        .on_cast_error(told.handler())
        .start()
        .await
        .unwrap();
    drop(pool.cast(takes(100)).unwrap());
    settle().await;
    for n in 0..10 {
        drop(pool.cast(add(n, n)).unwrap());
    }
    pool.shutdown().await;
    let failures = told.failures(10).await;
    assert_eq!(failures.len(), 10);
    assert!(
        failures
            .iter()
            .all(|failure| matches!(failure.error, CallError::PoolShutdown))
    );
}

#[tokio::test(start_paused = true)]
async fn a_cast_has_no_deadline_unless_it_is_given_one() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    // The pool's own timeout is a minute.
    let long = pool.cast(takes(600_000)).unwrap();
    let options = CastOptions::new().timeout(Duration::from_secs(1));
    let short = pool.cast_with(takes(600_000), options).unwrap();
    let error = short.join().await.unwrap_err();
    assert!(
        matches!(error, CallError::DeadlineExceeded { .. }),
        "{error}"
    );
    assert_eq!(long.join().await.unwrap(), 600_000);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_panicking_handler_does_not_keep_the_next_failure_from_being_told() {
    let backend = Arc::new(ScriptedBackend::new());
    let told = Told::default();
    let hear = told.handler();
    let pool = pool(&backend)
        .on_cast_error(move |failure| {
            hear(failure);
            panic!("the handler itself");
        })
        .start()
        .await
        .unwrap();
    for _ in 0..2 {
        drop(pool.cast(panics()).unwrap());
    }
    assert_eq!(told.failures(2).await.len(), 2);
    assert_eq!(pool.call(add(1, 1)).await.unwrap(), 2);
    pool.shutdown().await;
}
