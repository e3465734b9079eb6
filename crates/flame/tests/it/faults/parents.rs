//! Parents that are asked to end.

use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use flame::{CallError, Outcome};
use rustix::process::Signal;

use crate::marks::Marks;
use crate::processes::{eventually, is_alive, signal};
use crate::scenarios::{Parent, start_with, tell};
use crate::tasks::{holds, pool, process_id, stays};

/// Tells the parent where its marks are.
const FOLDER: &str = "FLAME_TEST_MARKS";
/// Tells the parent its `shutdown_timeout` in seconds.
const PATIENCE: &str = "FLAME_TEST_PATIENCE";
/// How many calls wait.
const QUEUED: usize = 10;

#[tokio::test]
async fn a_parent_that_is_terminated_finishes_the_short_cancels_the_long_and_refuses_the_queued() {
    let marks = Marks::new();
    let parent = terminated(&marks, Duration::from_secs(2));
    let runner = parent.says_number("serving with:");
    signal(parent.pid(), Signal::TERM);
    // Those who wait are refused at once, while the others still run.
    for _ in 0..QUEUED {
        assert_eq!(parent.says("queued:"), "refused");
    }
    marks.leave("enough");
    assert_eq!(parent.says("short:"), format!("Ok({runner})"));
    assert_eq!(parent.says("long:"), "cancelled");
    parent.says("nothing is left");
    assert!(!is_alive(runner), "a shutdown ends when no runner is left");
    assert!(parent.end().await.success());
}

#[tokio::test]
async fn a_parent_that_is_terminated_twice_waits_for_nobody() {
    let marks = Marks::new();
    let parent = terminated(&marks, Duration::from_secs(3_600));
    let runner = parent.says_number("serving with:");
    signal(parent.pid(), Signal::TERM);
    for _ in 0..QUEUED {
        assert_eq!(parent.says("queued:"), "refused");
    }
    assert!(is_alive(runner));
    signal(parent.pid(), Signal::INT);
    parent.says("nothing is left");
    assert!(!is_alive(runner));
    assert!(parent.end().await.success());
}

/// Starts a parent that has a short call, a long one, and ten that wait.
fn terminated(marks: &Marks, shutdown_timeout: Duration) -> Parent {
    start_with("is_terminated", |command| {
        command
            .env(FOLDER, marks.path(""))
            .env(PATIENCE, shutdown_timeout.as_secs().to_string())
    })
}

/// Has a short call, a long one, and ten that wait; then it is terminated.
pub(crate) async fn is_terminated() {
    let folder = std::env::var(FOLDER).unwrap();
    let path = |name: &str| format!("{folder}{name}");
    let patience = std::env::var(PATIENCE).unwrap().parse().unwrap();
    let pool = pool("terminated")
        .max_concurrency(2)
        .shutdown_timeout(Duration::from_secs(patience))
        .cancel_grace(Duration::from_millis(200))
        .start()
        .await
        .unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let short = holds(path("short"), path("enough")).on(&pool);
    let short = tokio::spawn(async {
        match short.await {
            Ok(there) => tell(&format!("short: Ok({there})")),
            Err(error) => tell(&format!("short: {error}")),
        }
    });
    let long = stays(path("long")).on(&pool);
    let long = tokio::spawn(async {
        let error = long.await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(matches!(error, CallError::Cancelled { .. }), "{error}");
        tell("long: cancelled");
    });
    eventually("two run", || pool.snapshot().counts.running == 2).await;
    let queued = [(); QUEUED].map(|()| {
        let call = process_id().on(&pool);
        tokio::spawn(async {
            let error = call.await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::NotStarted);
            assert!(matches!(error, CallError::PoolShutdown), "{error}");
            tell("queued: refused");
        })
    });
    eventually("ten wait", || pool.snapshot().counts.queued == QUEUED).await;
    let mut ended = pin!(pool.shutdown_on_termination());
    // From its first poll on it listens.
    let first = ended.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(first.is_pending());
    tell(&format!("serving with: {there}"));
    ended.await;
    for told in queued.into_iter().chain([short, long]) {
        told.await.unwrap();
    }
    tell("nothing is left");
}
