use std::time::Duration;

use flame::{CallError, LossReason, Pool, call};
use rustix::process::{Pid, Signal, kill_process};

use crate::processes::{eventually, is_alive};
use crate::tasks::{pool, process_id, waits};

/// The peer-loss bound of these tests.
const BOUND: Duration = Duration::from_secs(1);

fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(pid as i32).unwrap(), signal).unwrap();
}

async fn start(name: &str) -> Pool {
    pool(name)
        .peer_loss_after(BOUND)
        .max_concurrency(64)
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_runner_whose_every_thread_is_busy_for_three_bounds_is_not_lost() {
    let pool = start("busy").await;
    let millis = (BOUND * 3).as_millis() as u64;
    // Each of these blocks a thread of the runner's runtime without a pause.
    let twice_its_threads = 2 * std::thread::available_parallelism().unwrap().get();
    let calls = (0..twice_its_threads).map(|_| {
        tokio::spawn(call!(pool, |millis| async move {
            std::thread::sleep(Duration::from_millis(millis));
            std::process::id()
        }))
    });
    let mut processes = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        processes.push(call.await.unwrap().unwrap());
    }
    processes.dedup();
    assert_eq!(processes.len(), 1, "one runner did it all");
    pool.shutdown().await;
}

#[tokio::test]
async fn a_frozen_runner_is_lost_after_the_bound_and_does_not_survive() {
    let pool = start("frozen").await;
    let there = process_id().on(&pool).await.unwrap();
    let waiting = tokio::spawn(waits().on(&pool));
    eventually("it runs", || pool.snapshot().counts.running == 1).await;
    signal(there, Signal::STOP);
    let error = waiting.await.unwrap().unwrap_err();
    let CallError::RunnerLost(lost) = error else {
        panic!("{error}")
    };
    assert_eq!(lost.reason, LossReason::Silent { after: BOUND });
    eventually("it was killed although it was stopped", || !is_alive(there)).await;
    assert_ne!(process_id().on(&pool).await.unwrap(), there);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_parent_whose_own_runtime_is_blocked_keeps_its_runners() {
    let pool = start("blocked_parent").await;
    let before = process_id().on(&pool).await.unwrap();
    // This is the only thread of the test's runtime.
    std::thread::sleep(BOUND * 3);
    assert_eq!(process_id().on(&pool).await.unwrap(), before);
    pool.shutdown().await;
}
