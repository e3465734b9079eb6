//! Parents that are asked to end.

use std::time::Duration;

use flame::{CallError, Outcome};
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal as listen};

use crate::marks::Marks;
use crate::processes::{eventually, is_alive, signal};
use crate::scenarios::{start_with, tell};
use crate::tasks::{holds, pool, process_id, stays};

/// Tells the parent where its marks are.
const FOLDER: &str = "FLAME_TEST_MARKS";
/// How many calls wait.
const QUEUED: usize = 10;

#[tokio::test]
async fn a_parent_that_is_terminated_finishes_the_short_cancels_the_long_and_refuses_the_queued() {
    let marks = Marks::new();
    let parent = start_with("is_terminated", |command| {
        command.env(FOLDER, marks.path(""))
    });
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

/// Has a short call, a long one, and ten that wait; then it is terminated.
pub(crate) async fn is_terminated() {
    let folder = std::env::var(FOLDER).unwrap();
    let path = |name: &str| format!("{folder}{name}");
    let mut terminated = listen(SignalKind::terminate()).unwrap();
    let pool = pool("terminated")
        .max_concurrency(2)
        .shutdown_timeout(Duration::from_secs(2))
        .cancel_grace(Duration::from_millis(200))
        .start()
        .await
        .unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let short = holds(path("short"), path("enough")).on(&pool);
    let short = tokio::spawn(async { tell(&format!("short: {:?}", short.await)) });
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
    tell(&format!("serving with: {there}"));

    terminated.recv().await;
    pool.shutdown().await;
    for told in queued.into_iter().chain([short, long]) {
        told.await.unwrap();
    }
    tell("nothing is left");
}
