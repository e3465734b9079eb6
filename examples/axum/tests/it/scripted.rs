//! What the service makes of boots that fail and runners that die, under paused time: a minute takes no time.
//!
//! A paused clock runs on whenever nothing else is left to do, and so it does while a database or a socket takes its
//! moment. So these tests are about `carry_out`, which needs neither.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum_thumbnails::calls::{QUEUE_TIMEOUT, RETRIES, carry_out};
use axum_thumbnails::{Failure, Leaving, State, WorkError};
use flame::{BootError, Ctx, ExitKind, ExitReport, Pool, task};
use flame_testkit::ScriptedBackend;
use tokio::time::{Instant, sleep};

/// A pool of one runner, on the clock of the test, and its backend.
async fn start(backend: ScriptedBackend) -> (Pool, Arc<ScriptedBackend>) {
    let backend = Arc::new(backend);
    let pool = Pool::builder("scripted")
        .max(1)
        .backend(backend.clone())
        .on_current_runtime();
    (pool.start().await.unwrap(), backend)
}

fn state<T>(result: Result<T, Failure>) -> (State, String) {
    let failure = result.err().unwrap();
    (failure.state(), failure.reason())
}

#[tokio::test(start_paused = true)]
async fn a_picture_waits_until_the_provider_has_room_again() {
    let no_room = || BootError::no_capacity();
    let backend = ScriptedBackend::new().fails(no_room()).fails(no_room());
    let (pool, backend) = start(backend.delays(Duration::from_secs(5)).boots()).await;

    let started_at = Instant::now();
    let task = task!(|| async { Ok::<_, WorkError>(42) });
    let done = carry_out(&pool, task, Leaving::Cancels).await;

    assert_eq!(done.unwrap(), 42);
    assert!(started_at.elapsed() >= Duration::from_secs(5));
    pool.shutdown().await;
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_not_kept_waiting_for_a_provider_without_room() {
    let backend = (0..100).fold(ScriptedBackend::new(), |backend, _| {
        backend.fails(BootError::no_capacity())
    });
    let (pool, _) = start(backend).await;

    let started_at = Instant::now();
    let task = task!(|| async { Ok::<_, WorkError>(()) });
    let refused = carry_out(&pool, task, Leaving::Cancels).await;

    assert_eq!(started_at.elapsed().as_secs(), QUEUE_TIMEOUT.as_secs());
    let reason = "there is no room for it now: send it again".to_owned();
    assert_eq!(state(refused), (State::Lost, reason));
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_says_no_for_good_is_told_at_once() {
    let no = BootError::Rejected {
        source: "no such image".into(),
    };
    let (pool, _) = start(ScriptedBackend::new().fails(no)).await;

    let started_at = Instant::now();
    let task = task!(|| async { Ok::<_, WorkError>(()) });
    let refused = carry_out(&pool, task, Leaving::Cancels).await;

    assert!(started_at.elapsed() < Duration::from_secs(1));
    assert_eq!(
        state(refused),
        (State::Lost, "it cannot be worked on".to_owned())
    );
    pool.shutdown().await;
}

fn is_at_work(pool: &Pool, instance: &str) -> bool {
    let runners = pool.snapshot().runners;
    runners
        .iter()
        .any(|runner| runner.name.starts_with(instance) && runner.running > 0)
}

/// Kills each of the first `deaths` runners when it has begun to work.
async fn with_deaths(deaths: u32) -> Result<u32, Failure> {
    let (pool, backend) = start(ScriptedBackend::new()).await;
    let task = task!(|deaths, cx: Ctx| async move {
        if cx.attempt() <= deaths {
            pending::<()>().await;
        }
        Ok::<_, WorkError>(cx.attempt())
    });
    let killer = async {
        for nth in 0..deaths {
            let instance = backend.nth_create(nth as usize).await;
            while !is_at_work(&pool, instance.as_str()) {
                sleep(Duration::from_millis(1)).await;
            }
            let report = ExitReport {
                how: ExitKind::OutOfMemory,
                stderr_tail: Vec::new(),
            };
            assert!(backend.kill(&instance, report));
        }
    };
    let (carried, ()) = tokio::join!(carry_out(&pool, task, Leaving::Cancels), killer);
    pool.shutdown().await;
    carried
}

#[tokio::test(start_paused = true)]
async fn the_loss_of_runners_is_made_good() {
    assert_eq!(with_deaths(RETRIES).await.unwrap(), RETRIES + 1);
}

#[tokio::test(start_paused = true)]
async fn work_that_loses_every_runner_is_told() {
    let reason = "the work on it was lost: send it again".to_owned();
    assert_eq!(state(with_deaths(RETRIES + 1).await), (State::Lost, reason));
}

#[tokio::test(start_paused = true)]
async fn what_the_task_itself_says_is_no_reason_to_begin_again() {
    let (pool, backend) = start(ScriptedBackend::new()).await;
    let task = task!(|| async {
        Err::<(), _>(WorkError::NotStored {
            reason: "the disk is full".to_owned(),
        })
    });
    let failed = carry_out(&pool, task, Leaving::Cancels).await;

    assert_eq!(
        state(failed),
        (State::Lost, "the thumbnail was not stored".to_owned())
    );
    pool.shutdown().await;
    assert_eq!(backend.undestroyed().len(), 0);
    assert_eq!(pool.snapshot().counts.totals.submitted, 1);
}
