use std::time::Duration;

use flame::{DrainReason, Event, ExitKind, Pool, call};
use rustix::process::{Pid, Signal, kill_process};

use crate::tasks::{pool, process_id};

#[tokio::test]
async fn a_runner_that_its_platform_ends_drains_of_its_own_accord() {
    let pool = pool("told_term").start().await.unwrap();
    let mut events = pool.events();
    let there = process_id().on(&pool).await.unwrap();
    kill_process(Pid::from_raw(there as i32).unwrap(), Signal::TERM).unwrap();
    let reason = loop {
        if let Event::Draining { reason, name, .. } = events.next().await.unwrap() {
            assert!(name.ends_with(&format!("(pid {there})")), "{name}");
            break reason;
        }
    };
    assert_eq!(reason, DrainReason::ByItself);
    let next = events.next().await.unwrap();
    assert!(matches!(next, Event::Finished { runners: 0, .. }), "{next}");
    pool.shutdown().await;
}

#[tokio::test]
async fn a_killed_runner_is_told_with_its_signal() {
    let pool = pool("told_kill").start().await.unwrap();
    let mut events = pool.events();
    let suicide = call!(pool, || {
        kill_process(rustix::process::getpid(), Signal::KILL).unwrap();
    });
    assert!(suicide.await.is_err());
    pool.shutdown().await;
    let mut lost = None;
    while let Some(event) = events.next().await {
        if let Event::Lost { reason, calls, .. } = event {
            lost = Some((reason.exit(), calls));
        }
    }
    assert_eq!(lost, Some((Some(ExitKind::Signal(9)), 1)));
}

static WATCHED: Pool = Pool::new("watched")
    .max(1)
    .min(1)
    .idle_shutdown_after(Duration::from_secs(60));

#[tokio::test]
async fn who_watches_a_static_pool_hears_of_its_first_boot() {
    let mut events = WATCHED.events();
    let first = events.next().await.unwrap();
    assert!(matches!(first, Event::Booting { .. }), "{first}");
    WATCHED.start().await.unwrap();
    let second = events.next().await.unwrap();
    assert!(matches!(second, Event::Ready { .. }), "{second}");
    WATCHED.shutdown().await;
    while events.next().await.is_some() {}
}
