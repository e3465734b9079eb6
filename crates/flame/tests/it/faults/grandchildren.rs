//! Processes that tasks have started and left behind.

use rustix::process::Signal;

use crate::processes::{eventually, is_alive, signal};
use crate::tasks::{leaves_a_process, pool, process_id};

#[tokio::test]
async fn what_a_task_has_started_goes_when_its_runner_is_taken_down() {
    let pool = pool("leaves").start().await.unwrap();
    let grandchild = leaves_a_process().on(&pool).await.unwrap();
    assert!(is_alive(grandchild));
    pool.shutdown().await;
    eventually("it is gone", || !is_alive(grandchild)).await;
}

#[tokio::test]
async fn what_a_task_has_started_goes_when_its_runner_is_killed() {
    let pool = pool("leaves_and_dies").start().await.unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let grandchild = leaves_a_process().on(&pool).await.unwrap();
    signal(there, Signal::KILL);
    eventually("it is gone", || !is_alive(grandchild)).await;
    pool.shutdown().await;
}
