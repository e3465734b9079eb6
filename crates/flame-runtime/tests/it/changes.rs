//! Pools that are changed while they run.

use std::sync::Arc;
use std::time::Duration;

use flame_runtime::{CallError, StartError};
use flame_testkit::ScriptedBackend;
use tokio::time::Instant;

use super::{add, lingers, pool, settle, takes};

#[tokio::test(start_paused = true)]
async fn more_runners_serve_who_waits() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let calls: Vec<_> = (0..3)
        .map(|_| tokio::spawn(takes(1_000).on(&pool)))
        .collect();
    settle().await;
    assert_eq!(pool.snapshot().counts.queued, 2);
    pool.reconfigure(|options| options.max(3)).unwrap();
    let started = Instant::now();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(started.elapsed().as_secs(), 1, "they ran side by side");
    assert_eq!(pool.snapshot().counts.ready, 3);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn runners_that_are_too_many_finish_what_they_run() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .max(2)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let calls = [(); 2].map(|()| tokio::spawn(takes(1_000).on(&pool)));
    settle().await;
    pool.reconfigure(|options| options.max(1)).unwrap();
    let counts = pool.snapshot().counts;
    assert_eq!((counts.ready, counts.draining, counts.running), (1, 1, 2));
    for call in calls {
        call.await.unwrap().unwrap();
    }
    settle().await;
    let counts = pool.snapshot().counts;
    assert_eq!((counts.ready, counts.draining), (1, 0));
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_runner_takes_more_calls_at_a_time_as_soon_as_it_may() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let calls: Vec<_> = (0..5).map(|_| tokio::spawn(lingers().on(&pool))).collect();
    settle().await;
    assert_eq!(pool.snapshot().counts.running, 1);
    pool.reconfigure(|options| options.max_concurrency(4))
        .unwrap();
    settle().await;
    let counts = pool.snapshot().counts;
    assert_eq!((counts.running, counts.queued), (4, 1));
    assert_eq!(counts.totals.given_back, 0, "the runner was told first");
    drop(calls);
    pool.kill().await;
}

#[tokio::test(start_paused = true)]
async fn who_waits_keeps_the_place_when_the_queue_is_made_smaller() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(1).start().await.unwrap();
    let running = tokio::spawn(takes(1_000).on(&pool));
    settle().await;
    let waiting = [(); 3].map(|()| tokio::spawn(add(1, 1).on(&pool)));
    settle().await;
    pool.reconfigure(|options| options.max_queue(1)).unwrap();
    let error = add(2, 2).on(&pool).await.unwrap_err();
    assert!(
        matches!(error, CallError::QueueFull { limit: 1 }),
        "{error}"
    );
    running.await.unwrap().unwrap();
    for call in waiting {
        assert_eq!(call.await.unwrap().unwrap(), 2);
    }
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_timeout_holds_for_the_calls_that_come() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let before = tokio::spawn(takes(5_000).on(&pool));
    settle().await;
    pool.reconfigure(|options| options.timeout(Duration::from_secs(1)))
        .unwrap();
    let error = takes(5_000).on(&pool).await.unwrap_err();
    assert!(
        matches!(error, CallError::DeadlineExceeded { .. }),
        "{error}"
    );
    assert_eq!(before.await.unwrap().unwrap(), 5_000);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn impossible_limits_are_refused_and_the_old_ones_stay() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let refused = pool.reconfigure(|options| options.min(3)).unwrap_err();
    assert!(matches!(refused, StartError::Limits(_)), "{refused}");
    settle().await;
    assert_eq!(pool.snapshot().counts.booting, 0);
    pool.reconfigure(|options| options.min(1)).unwrap();
    settle().await;
    assert_eq!(pool.snapshot().counts.ready, 1);
    pool.shutdown().await;
}
