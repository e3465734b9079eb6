//! Values that are lost, and what those hear who hold them.

use std::time::Duration;

use flame::{CallError, Outcome, Resident, ResidentLoss};
use rustix::process::Signal;

use super::{assert_gone, counter, counts_on, crowded, holds_counter, three};
use crate::marks::Marks;
use crate::processes::signal;
use crate::tasks::process_id;

#[tokio::test]
async fn a_killed_runner_closes_each_of_its_values_once_and_none_can_be_used() {
    let pool = crowded("killed").await;
    let held = three().on(&pool).await.unwrap();
    let (_, process) = counts_on(held[0].clone()).on(&pool).await.unwrap().unwrap();
    let closed = held.each_ref().map(Resident::closed).map(tokio::spawn);
    signal(process, Signal::KILL);
    for (closed, resident) in closed.into_iter().zip(&held) {
        let loss = closed.await.unwrap();
        let ResidentLoss::RunnerLost { runner, reason } = &loss else {
            panic!("{loss}")
        };
        assert_eq!(resident.runner(), Some(runner.as_str()));
        assert!(
            reason.contains("SIGKILL") || reason.contains("signal 9"),
            "{reason}"
        );
        assert_eq!(
            resident.closed().await,
            loss,
            "whoever asks later is told the same"
        );
    }
    let error = counts_on(held[1].clone()).on(&pool).await.unwrap_err();
    assert_gone(&error);
    // The pool itself goes on.
    assert_ne!(process_id().on(&pool).await.unwrap(), process);
    pool.shutdown().await;
}

#[tokio::test]
async fn calls_that_wait_for_a_value_hear_of_its_loss_and_were_not_started() {
    let marks = Marks::new();
    let pool = crowded("waiting").await;
    let counter = counter(0).on(&pool).await.unwrap();
    let (_, process) = counts_on(counter.clone()).on(&pool).await.unwrap().unwrap();
    let holds = holds_counter(counter.clone(), marks.path("begun"), marks.path("never"));
    let holder = tokio::spawn(holds.on(&pool).idempotent(3));
    marks.seen("begun").await;
    let waiting = pool.cast(counts_on(counter.clone())).unwrap();
    signal(process, Signal::KILL);
    assert_gone(&waiting.join().await.unwrap_err());
    let error = holder.await.unwrap().unwrap_err();
    assert!(
        matches!(error, CallError::RunnerLost(_)),
        "not begun again elsewhere: {error}"
    );
    pool.shutdown().await;
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_values_and_tells_their_owners() {
    let pool = crowded("ending").await;
    let counter = counter(0).on(&pool).await.unwrap();
    let began = std::time::Instant::now();
    pool.shutdown().await;
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(counter.closed().await, ResidentLoss::PoolShutdown);
    let error = counts_on(counter).on(&pool).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotStarted, "{error}");
}

#[tokio::test]
async fn a_killed_pool_tells_the_owners_of_its_values() {
    let pool = crowded("killed_pool").await;
    let held = three().on(&pool).await.unwrap();
    pool.kill().await;
    for resident in &held {
        assert_eq!(resident.closed().await, ResidentLoss::PoolKilled);
    }
}
