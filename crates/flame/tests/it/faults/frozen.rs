//! Processes that are stopped for a while, as a debugger or a suspended host does.

use std::time::Duration;

use flame::{CallError, LossReason};
use rustix::process::Signal;

use super::{at_rest, lost};
use crate::marks::Marks;
use crate::processes::{eventually, freeze, is_alive, signal};
use crate::scenarios::{self, start_with, tell};
use crate::tasks::{holds, pool, process_id};

/// Tells a parent that freezes where its marks are.
const FOLDER: &str = "FLAME_TEST_MARKS";

/// The peer-loss bound of those who are frozen for longer.
const SHORT_BOUND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_runner_that_is_frozen_for_less_than_the_bound_loses_nothing() {
    const BOUND: Duration = Duration::from_secs(5);
    let pool = pool("short_freeze")
        .peer_loss_after(BOUND)
        .start()
        .await
        .unwrap();
    let marks = Marks::new();
    let call = tokio::spawn(holds(marks.path("begun"), marks.path("enough")).on(&pool));
    let there: u32 = marks.says("begun").await.parse().unwrap();

    freeze(there).await;
    tokio::time::sleep(BOUND * 3 / 5).await;
    signal(there, Signal::CONT);

    marks.leave("enough");
    assert_eq!(call.await.unwrap().unwrap(), there);
    assert_eq!(process_id().on(&pool).await.unwrap(), there);
    assert_eq!(pool.snapshot().counts.totals.lost, 0);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_result_that_a_thawed_runner_brings_too_late_changes_nothing() {
    let pool = pool("late_result")
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let marks = Marks::new();
    process_id().on(&pool).await.unwrap();
    let call = holds(marks.path("begun"), marks.path("enough"))
        .on(&pool)
        .timeout(Duration::from_millis(500));
    let call = tokio::spawn(call);
    let there: u32 = marks.says("begun").await.parse().unwrap();

    freeze(there).await;
    let error = call.await.unwrap().unwrap_err();
    assert!(
        matches!(error, CallError::DeadlineExceeded { .. }),
        "{error}"
    );
    assert_eq!(
        pool.snapshot().counts.unconfirmed,
        1,
        "the slot is not free before the work has ended"
    );
    marks.leave("enough");
    signal(there, Signal::CONT);

    assert_eq!(process_id().on(&pool).await.unwrap(), there);
    at_rest(&pool).await;
    let totals = pool.snapshot().counts.totals;
    assert_eq!((totals.expired, totals.returned, totals.lost), (1, 2, 0));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_frozen_runner_whose_parent_dies_ends_at_the_latest_when_it_thaws() {
    let mut parent = scenarios::start("holds_a_runner");
    let runner = parent.says_number("booted:");
    freeze(runner).await;
    parent.kill();
    // The kernel may have ended it already: its process group has nobody left outside.
    if is_alive(runner) {
        signal(runner, Signal::CONT);
    }
    eventually("it is gone", || !is_alive(runner)).await;
}

#[tokio::test]
async fn a_parent_and_its_runner_that_are_frozen_together_go_on_as_if_nothing_had_been() {
    let marks = Marks::new();
    let parent = parent_of_one_call(&marks);
    let runner: u32 = marks.says("begun").await.parse().unwrap();

    freeze(parent.pid()).await;
    freeze(runner).await;
    tokio::time::sleep(SHORT_BOUND * 3).await;
    signal(runner, Signal::CONT);
    signal(parent.pid(), Signal::CONT);

    marks.leave("enough");
    assert_eq!(parent.says("the call:"), format!("Ok({runner})"));
    assert_eq!(parent.says_number("the next call ran in:"), runner);
    assert!(parent.end().await.success());
}

#[tokio::test]
async fn a_runner_whose_parent_is_frozen_for_longer_than_the_bound_ends_and_is_replaced() {
    let marks = Marks::new();
    let parent = parent_of_one_call(&marks);
    let runner: u32 = marks.says("begun").await.parse().unwrap();

    freeze(parent.pid()).await;
    eventually("the runner ends by itself", || !is_alive(runner)).await;
    signal(parent.pid(), Signal::CONT);

    let outcome = parent.says("the call:");
    assert!(outcome.contains("RunnerLost"), "{outcome}");
    assert_ne!(parent.says_number("the next call ran in:"), runner);
    assert!(parent.end().await.success());
}

fn parent_of_one_call(marks: &Marks) -> scenarios::Parent {
    start_with("freezes", |command| command.env(FOLDER, marks.path("")))
}

/// Makes a call, tells what came of it, and makes another one.
pub(crate) async fn freezes() {
    let folder = std::env::var(FOLDER).unwrap();
    let pool = pool("freezes")
        .peer_loss_after(SHORT_BOUND)
        .cancel_grace(Duration::from_millis(200))
        .start()
        .await
        .unwrap();
    let path = |name: &str| format!("{folder}{name}");
    let outcome = holds(path("begun"), path("enough")).on(&pool).await;
    tell(&format!("the call: {outcome:?}"));
    let next = process_id().on(&pool).await.unwrap();
    tell(&format!("the next call ran in: {next}"));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_runner_that_is_frozen_for_longer_than_the_bound_is_lost_and_killed() {
    let pool = pool("long_freeze")
        .peer_loss_after(SHORT_BOUND)
        .start()
        .await
        .unwrap();
    let marks = Marks::new();
    let call = tokio::spawn(holds(marks.path("begun"), marks.path("enough")).on(&pool));
    let there: u32 = marks.says("begun").await.parse().unwrap();

    freeze(there).await;

    let lost = lost(call.await.unwrap());
    assert_eq!(lost.reason, LossReason::Silent { after: SHORT_BOUND });
    eventually("it was killed although it was stopped", || !is_alive(there)).await;
    assert_ne!(process_id().on(&pool).await.unwrap(), there);
    at_rest(&pool).await;
    pool.shutdown().await;
}
