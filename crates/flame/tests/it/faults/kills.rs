//! Runners that are killed from outside.

use std::path::Path;

use flame::{ExitKind, Pool};
use rustix::process::Signal;

use super::{at_rest, end_of_runner};
use crate::marks::Marks;
use crate::processes::{eventually, signal};
use crate::tasks::{pool, process_id, stays};

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

/// The processes of the runners that take calls.
fn attached(pool: &Pool) -> Vec<u32> {
    let runners = pool.snapshot().runners.into_iter();
    let attached = runners.filter(|runner| runner.attached);
    attached
        .filter_map(|runner| runner.provider_id?.strip_prefix("pid ")?.parse().ok())
        .collect()
}
