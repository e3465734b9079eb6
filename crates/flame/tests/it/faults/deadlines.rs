//! Calls that end just when their time is over.

use std::time::Duration;

use flame::{CallError, Outcome, call};

use super::at_rest;
use crate::marks::Marks;
use crate::tasks::{holds, meets, pool};

const CALLS: u64 = 200;
const SLOTS: usize = 50;
const DEADLINE: Duration = Duration::from_millis(50);

#[tokio::test]
async fn calls_that_end_at_about_their_deadline_harm_neither_the_runner_nor_a_long_call() {
    let pool = pool("edges").max_concurrency(SLOTS).start().await.unwrap();
    let marks = Marks::new();
    let long = tokio::spawn(holds(marks.path("long"), marks.path("enough")).on(&pool));
    let there: u32 = marks.says("long").await.parse().unwrap();

    let (mut done, mut late, mut not_started) = (0, 0, 0);
    for wave in 0..CALLS / SLOTS as u64 {
        let calls = (0..SLOTS as u64 - 1).map(|n| {
            // From well before the deadline to just after it, in steps of half a millisecond.
            let micros = 30_000 + n * 500 + wave * 125;
            let work = call!(pool, |micros| async move {
                tokio::time::sleep(Duration::from_micros(micros)).await;
                std::process::id()
            });
            tokio::spawn(work.timeout(DEADLINE))
        });
        for call in calls.collect::<Vec<_>>() {
            match call.await.unwrap() {
                Ok(process) => {
                    assert_eq!(process, there);
                    done += 1;
                }
                Err(error @ CallError::DeadlineExceeded { .. }) => {
                    assert_eq!(error.outcome(), Outcome::Unknown);
                    late += 1;
                }
                Err(error @ CallError::QueueTimeout { .. }) => {
                    assert_eq!(error.outcome(), Outcome::NotStarted);
                    not_started += 1;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    eprintln!("{done} in time, {late} too late, {not_started} not started");
    assert!(done + late >= 150, "most of them ran");

    marks.leave("enough");
    assert_eq!(long.await.unwrap().unwrap(), there, "the long call lives");
    at_rest(&pool).await;
    let totals = pool.snapshot().counts.totals;
    assert_eq!(totals.returned, done + 1);
    assert_eq!(totals.expired, late);
    assert_eq!(totals.lost, 0);
    let meeting = Marks::new();
    let everybody = (0..SLOTS)
        .map(|n| tokio::spawn(meets(meeting.path(&n.to_string()), SLOTS).on(&pool)))
        .collect::<Vec<_>>();
    for one in everybody {
        assert_eq!(one.await.unwrap().unwrap(), there, "no slot was lost");
    }
    pool.shutdown().await;
}
