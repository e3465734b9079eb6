//! Tasks that are placed on a runner, and live there.

use std::time::Duration;

use flame::{CallError, CallerKind, Ctx, ExitKind, Outcome, PlaceOptions, task};
use rustix::process::Signal;

use crate::marks::Marks;
use crate::processes::{eventually, signal};
use crate::tasks::{lost, panics, pool, process_id, stays};

#[flame::remote]
async fn lives_until_the_runner_drains(mark: String, cx: Ctx) -> u32 {
    crate::marks::leave(&mark);
    cx.draining().await;
    std::process::id()
}

#[flame::remote]
fn exits_when_told(mark: String) {
    crate::marks::block_until_left(&mark);
    std::process::exit(3);
}

#[tokio::test]
async fn a_placed_task_outlives_the_deadline_within_which_it_had_to_begin() {
    let marks = Marks::new();
    let pool = pool("placed").max_concurrency(1).start().await.unwrap();
    // The runner is there, so that the deadline is only about what is placed.
    process_id().on(&pool).await.unwrap();
    let (mark, until) = (marks.path("lives"), marks.path("end"));
    let options = PlaceOptions::new().timeout(Duration::from_secs(1));
    let placed = pool
        .place_task_with(crate::tasks::holds(mark, until), options)
        .await
        .unwrap();
    marks.seen("lives").await;
    // Whoever comes later and has as little time has less of it.
    let late = process_id().on(&pool).timeout(Duration::from_secs(1)).await;
    assert!(
        matches!(late, Err(CallError::QueueTimeout { .. })),
        "{late:?}"
    );
    assert!(!placed.is_finished());
    assert_eq!(pool.snapshot().counts.of(CallerKind::Child).running, 1);
    marks.leave("end");
    placed.closed().await.unwrap();
    assert_eq!(
        pool.snapshot().counts.of(CallerKind::Child).totals.returned,
        1
    );
    pool.shutdown().await;
}

#[tokio::test]
async fn a_placed_task_holds_its_slot_for_its_life() {
    let marks = Marks::new();
    let pool = pool("slot").max_concurrency(1).start().await.unwrap();
    let placed = pool.place_task(stays(marks.path("lives"))).await.unwrap();
    marks.seen("lives").await;
    let refused = process_id()
        .on(&pool)
        .queue_timeout(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, CallError::QueueTimeout { .. }),
        "{refused:?}"
    );
    let next = tokio::spawn({
        let pool = pool.clone();
        async move { process_id().on(&pool).await }
    });
    placed.abort();
    next.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn dropping_the_handle_ends_the_task_unless_it_is_detached() {
    let marks = Marks::new();
    let pool = pool("links").start().await.unwrap();
    let linked = pool.place_task(stays(marks.path("linked"))).await.unwrap();
    marks.seen("linked").await;
    drop(linked);
    let children = || pool.snapshot().counts.of(CallerKind::Child);
    eventually("the linked one is gone", || {
        children().totals.left == 1 && pool.snapshot().counts.unconfirmed == 0
    })
    .await;
    let (mark, until) = (marks.path("detached"), marks.path("end"));
    let options = PlaceOptions::new().detached();
    let detached = pool
        .place_task_with(crate::tasks::holds(mark, until), options)
        .await
        .unwrap();
    drop(detached);
    marks.seen("detached").await;
    assert_eq!(children().running, 1);
    marks.leave("end");
    eventually("the detached one has ended", || {
        children().totals.returned == 1
    })
    .await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_placed_task_comes_to_its_end_when_the_pool_shuts_down() {
    let marks = Marks::new();
    let pool = pool("ending").start().await.unwrap();
    let lives = lives_until_the_runner_drains(marks.path("lives"));
    let placed = pool.place_task(lives).await.unwrap();
    let runner: u32 = marks.says("lives").await.parse().unwrap();
    let closed = tokio::spawn(placed.closed());
    pool.shutdown().await;
    assert_eq!(closed.await.unwrap().unwrap(), runner);
}

#[tokio::test]
async fn each_end_of_a_placed_task_is_reported_as_what_it_is() {
    let marks = Marks::new();
    let pool = pool("ends").start().await.unwrap();
    let panicked = pool.place_task(panics("no".to_owned())).await.unwrap();
    let error = panicked.closed().await.unwrap_err();
    assert!(matches!(error, CallError::Panicked { .. }), "{error:?}");

    let exiting = exits_when_told(marks.path("exit"));
    let exited = pool.place_task(exiting).await.unwrap();
    marks.leave("exit");
    let CallError::RunnerLost(lost) = exited.closed().await.unwrap_err() else {
        panic!("the runner lives")
    };
    assert_eq!(lost.reason.exit(), Some(ExitKind::Code(3)));

    let killed = pool.place_task(stays(marks.path("killed"))).await.unwrap();
    let runner = marks.says("killed").await.parse().unwrap();
    signal(runner, Signal::KILL);
    let CallError::RunnerLost(lost) = killed.closed().await.unwrap_err() else {
        panic!("the runner lives")
    };
    assert_eq!(lost.reason.exit(), Some(ExitKind::Signal(9)));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_task_that_cannot_begin_is_not_placed() {
    let pool = pool("refused").start().await.unwrap();
    let error = pool.place_task(lost()).await.unwrap_err();
    assert!(matches!(error, CallError::NotProvided { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotStarted);
    pool.shutdown().await;
    let error = pool.place_task(task!(|| ())).await.unwrap_err();
    assert!(matches!(error, CallError::PoolShutdown), "{error:?}");
}
