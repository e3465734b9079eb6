use std::time::Duration;

use flame::{Pool, call};

use crate::marks::Marks;
use crate::tasks::{holds, pool, process_id};

/// The peer-loss bound of these tests.
const BOUND: Duration = Duration::from_secs(1);

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
async fn a_parent_whose_own_runtime_is_blocked_keeps_its_runners_and_hears_of_its_calls_later() {
    let pool = start("blocked_parent").await;
    let before = process_id().on(&pool).await.unwrap();
    let marks = Marks::new();
    let running = tokio::spawn(holds(marks.path("begun"), marks.path("enough")).on(&pool));
    marks.seen("begun").await;
    // This is the only thread of the test's runtime.
    std::thread::sleep(BOUND * 3);
    marks.leave("enough");
    assert_eq!(running.await.unwrap().unwrap(), before);
    assert_eq!(process_id().on(&pool).await.unwrap(), before);
    pool.shutdown().await;
}
