//! Work that never yields, and work that never ends.

use std::time::{Duration, Instant};

use flame::{CallError, Outcome};

use super::at_rest;
use crate::marks::{self, Marks};
use crate::processes::{PATIENCE, eventually, is_alive};
use crate::tasks::{holds, pool, process_id};

const DEADLINE: Duration = Duration::from_millis(300);
const GRACE: Duration = Duration::from_millis(200);

/// Never yields to the other work of its thread.
#[flame::remote]
async fn spins(mark: String) {
    marks::leave(&mark);
    loop {
        std::hint::spin_loop();
    }
}

/// Never ends, on a thread of its own.
#[flame::remote]
fn spins_alone(mark: String) {
    marks::leave(&mark);
    loop {
        std::hint::spin_loop();
    }
}

#[tokio::test]
async fn work_that_spins_past_its_deadline_costs_one_runner_after_its_neighbors_have_finished() {
    let pool = pool("spins")
        .max(2)
        .max_concurrency(3)
        .cancel_grace(GRACE)
        .start()
        .await
        .unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let marks = Marks::new();
    let neighbors = ["one", "two"]
        .map(|name| tokio::spawn(holds(marks.path(name), marks.path("enough")).on(&pool)));
    marks.seen("one").await;
    marks.seen("two").await;

    let begin = Instant::now();
    let spinning = spins_alone(marks.path("spins")).on(&pool);
    let error = spinning.timeout(DEADLINE).await.unwrap_err();

    assert!(
        matches!(error, CallError::DeadlineExceeded { .. }),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(begin.elapsed() < PATIENCE / 2, "the caller heard in time");
    assert_eq!(marks.says("spins").await, there.to_string());
    eventually("its runner is poisoned", || {
        pool.snapshot().counts.poisoned == 1
    })
    .await;
    assert!(is_alive(there), "its neighbors are still at work");
    assert_ne!(
        process_id().on(&pool).await.unwrap(),
        there,
        "another runner takes new calls"
    );

    marks.leave("enough");
    for neighbor in neighbors {
        assert_eq!(neighbor.await.unwrap().unwrap(), there);
    }
    eventually("then the runner is killed", || !is_alive(there)).await;
    at_rest(&pool).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn alone_on_its_runner_work_that_spins_past_its_deadline_is_killed_after_the_grace() {
    let pool = pool("spins_alone")
        .max_concurrency(1)
        .cancel_grace(GRACE)
        .start()
        .await
        .unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let marks = Marks::new();
    let spinning = spins(marks.path("spins")).on(&pool);
    let waiting = process_id().on(&pool);
    let (spun, waited) = tokio::join!(spinning.timeout(DEADLINE), waiting);
    assert!(matches!(spun, Err(CallError::DeadlineExceeded { .. })));
    assert_ne!(waited.unwrap(), there, "who waited is served by the next");
    assert!(!is_alive(there));
    at_rest(&pool).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn work_that_spins_without_a_deadline_is_not_lost_and_does_not_outlive_a_shutdown() {
    const BOUND: Duration = Duration::from_secs(1);
    let pool = pool("spins_forever")
        .peer_loss_after(BOUND)
        .shutdown_timeout(Duration::from_millis(300))
        .cancel_grace(GRACE)
        .start()
        .await
        .unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let marks = Marks::new();
    // As many as the runner's runtime has threads: none is left for anything else.
    let threads = std::thread::available_parallelism().unwrap().get();
    let spinning: Vec<_> = (0..threads)
        .map(|n| tokio::spawn(spins(marks.path(&n.to_string())).on(&pool).no_timeout()))
        .collect();
    for n in 0..threads {
        marks.seen(&n.to_string()).await;
    }

    tokio::time::sleep(BOUND * 3).await;
    let counts = pool.snapshot().counts;
    assert_eq!((counts.running, counts.totals.lost), (threads, 0));

    pool.shutdown().await;
    assert!(!is_alive(there));
    for spun in spinning {
        let error = spun.await.unwrap().unwrap_err();
        assert!(matches!(error, CallError::Cancelled { .. }), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}
