use std::sync::{Arc, Mutex};

use flame::{CallError, ExitKind, Outcome, task};

use crate::processes::eventually;
use crate::tasks::{exits, pool, process_id, twice};

#[tokio::test]
async fn a_cast_that_dies_with_its_runner_is_told_to_the_owner_of_the_pool() {
    let failures = Arc::new(Mutex::new(Vec::new()));
    let told = failures.clone();
    let pool = pool("casts")
        .on_cast_error(move |failure| told.lock().unwrap().push(failure))
        .start()
        .await
        .unwrap();
    drop(pool.cast(exits(7)).unwrap());
    eventually("the owner was told", || {
        !failures.lock().unwrap().is_empty()
    })
    .await;
    let failures = failures.lock().unwrap().clone();
    let [failure] = failures.as_slice() else {
        panic!("{failures:?}")
    };
    assert_eq!(failure.error.outcome(), Outcome::Unknown);
    let CallError::RunnerLost(lost) = &failure.error else {
        panic!("{failure:?}")
    };
    assert_eq!(lost.reason.exit(), Some(ExitKind::Code(7)));

    let joined = pool.cast(twice(4_u32)).unwrap().join().await.unwrap();
    assert_eq!(joined, (4, 4));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_map_uses_all_the_runners_that_a_pool_may_have() {
    let pool = pool("mapped")
        .max(3)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let met = tempfile::tempdir().unwrap();
    // Each waits for the other two, so that they must be on three runners at the same time.
    let results = pool
        .map(0..3_u32, |n| {
            let folder = met.path().to_path_buf();
            task!(|n, folder| {
                std::fs::write(folder.join(n.to_string()), "").unwrap();
                while std::fs::read_dir(&folder).unwrap().count() < 3 {
                    std::thread::yield_now();
                }
                std::process::id()
            })
        })
        .in_order()
        .await;
    let mut pids: Vec<_> = results.into_iter().map(Result::unwrap).collect();
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 3);
    assert!(pids.contains(&process_id().on(&pool).await.unwrap()));
    pool.shutdown().await;
}
