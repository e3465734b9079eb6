//! Runners that are killed from outside.

use std::path::Path;

use flame::{Blob, ExitKind, Pool, call};
use rustix::process::Signal;

use super::{at_rest, end_of_runner};
use crate::marks::{self, Marks};
use crate::processes::{eventually, is_alive, signal};
use crate::tasks::{holds, pool, process_id, stays};

#[tokio::test]
async fn all_calls_of_a_killed_runner_hear_of_it_and_who_waited_is_served_by_the_next() {
    let pool = pool("killed").max_concurrency(3).start().await.unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let marks = Marks::new();
    let names = ["one", "two", "three"];
    let running = names.map(|name| tokio::spawn(stays(marks.path(name)).on(&pool)));
    for name in names {
        marks.seen(name).await;
    }
    let waiting = [(); 2].map(|()| tokio::spawn(process_id().on(&pool)));
    eventually("two wait", || pool.snapshot().counts.queued == 2).await;

    signal(there, Signal::KILL);

    for call in running {
        assert_eq!(end_of_runner(call.await.unwrap()), ExitKind::Signal(9));
    }
    for call in waiting {
        assert_ne!(call.await.unwrap().unwrap(), there);
    }
    at_rest(&pool).await;
    assert_eq!(pool.snapshot().counts.totals.lost, 3);
    pool.shutdown().await;
}

#[tokio::test]
async fn the_minimum_is_restored_when_all_runners_are_killed_and_none_becomes_a_zombie() {
    const RUNNERS: usize = 6;
    let pool = pool("all_killed")
        .min(RUNNERS)
        .max(RUNNERS)
        .start()
        .await
        .unwrap();
    let before = attached(&pool);
    assert_eq!(before.len(), RUNNERS);

    for runner in &before {
        signal(*runner, Signal::KILL);
    }

    let exists = |runner: &u32| Path::new(&format!("/proc/{runner}")).exists();
    eventually("all are reaped", || !before.iter().any(exists)).await;
    eventually("there are as many as before", || {
        let now = attached(&pool);
        now.len() == RUNNERS && !now.iter().any(|runner| before.contains(runner))
    })
    .await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_runner_that_is_terminated_finishes_what_it_has_and_new_calls_go_elsewhere() {
    let pool = pool("terminated_runner").max(2).start().await.unwrap();
    let marks = Marks::new();
    let running = tokio::spawn(holds(marks.path("begun"), marks.path("enough")).on(&pool));
    let there: u32 = marks.says("begun").await.parse().unwrap();

    signal(there, Signal::TERM);

    eventually("it takes no calls", || pool.snapshot().counts.draining == 1).await;
    assert_ne!(process_id().on(&pool).await.unwrap(), there);
    assert!(is_alive(there), "it still has a call");
    marks.leave("enough");
    assert_eq!(running.await.unwrap().unwrap(), there);
    eventually("then it is gone", || !is_alive(there)).await;
    at_rest(&pool).await;
    assert_eq!(pool.snapshot().counts.totals.lost, 0);
    pool.shutdown().await;
}

/// Large enough to be under way for a while.
const LARGE: usize = 64 << 20;

#[tokio::test]
async fn a_runner_that_is_killed_while_large_payloads_travel_loses_those_calls_and_no_slot() {
    let pool = pool("killed_in_transfer")
        .max_concurrency(2)
        .start()
        .await
        .unwrap();
    for _ in 0..3 {
        let there = process_id().on(&pool).await.unwrap();
        let marks = Marks::new();
        let mark = marks.path("about to return");
        let returns = call!(pool, |mark| async move {
            marks::leave(&mark);
            Blob::from(vec![1; LARGE])
        });
        let returns = tokio::spawn(returns);
        marks.seen("about to return").await;
        let much = Blob::from(vec![2; LARGE]);
        let granted = || pool.snapshot().counts.totals.granted;
        let before = granted();
        let takes = tokio::spawn(call!(pool, |much| async move { much.len() }));
        eventually("it is granted", || granted() > before).await;

        signal(there, Signal::KILL);

        // Either may have come to its end a moment before.
        if let Err(error) = returns.await.unwrap() {
            assert_eq!(end_of_runner::<()>(Err(error)), ExitKind::Signal(9));
        }
        if let Err(error) = takes.await.unwrap() {
            assert_eq!(end_of_runner::<()>(Err(error)), ExitKind::Signal(9));
        }
        at_rest(&pool).await;
    }
    pool.shutdown().await;
}

/// The processes of the runners that take calls.
fn attached(pool: &Pool) -> Vec<u32> {
    let runners = pool.snapshot().runners.into_iter();
    let attached = runners.filter(|runner| runner.attached);
    attached
        .filter_map(|runner| runner.provider_id?.strip_prefix("pid ")?.parse().ok())
        .collect()
}
