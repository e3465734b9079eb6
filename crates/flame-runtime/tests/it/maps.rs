use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use flame_runtime::CallError;
use flame_task::task;
use flame_testkit::ScriptedBackend;

use super::{add, lingers, pool, settle, takes};

#[tokio::test(start_paused = true)]
async fn results_come_as_work_ends_and_say_which_item_they_are_of() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let mut map = pool.map([3_000, 1_000, 2_000], takes);
    let mut came = Vec::new();
    while let Some((index, result)) = map.next().await {
        came.push((index, result.unwrap()));
    }
    assert_eq!(came, [(1, 1_000), (2, 2_000), (0, 3_000)]);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn all_results_in_the_order_of_the_items() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let results = pool.map([3_000, 1_000, 2_000], takes).in_order().await;
    let results: Vec<_> = results.into_iter().map(Result::unwrap).collect();
    assert_eq!(results, [3_000, 1_000, 2_000]);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn no_more_items_are_drawn_than_calls_are_under_way() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(3).start().await.unwrap();
    let drawn = Cell::new(0);
    let endless = std::iter::from_fn(|| {
        drawn.set(drawn.get() + 1);
        Some(1_000)
    });
    let mut map = pool.map(endless, takes);
    assert!(map.next().await.unwrap().1.is_ok());
    assert_eq!(drawn.get(), 3);
    let mut map = map.limit(2);
    assert!(map.next().await.unwrap().1.is_ok());
    assert_eq!(drawn.get(), 3);
    drop(map);
    settle().await;
    assert_eq!(pool.snapshot().counts.queued, 0);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn one_failed_call_ends_nothing_but_itself() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let map = pool.map(0..4_u32, |n| {
        task!(|n| async move {
            assert!(n != 2, "two is one too many");
            n
        })
    });
    let results = map.in_order().await;
    for (index, result) in results.iter().enumerate() {
        match result {
            Ok(n) => assert_eq!(*n as usize, index),
            Err(error) => {
                assert!(matches!(error, CallError::Panicked { .. }), "{error}");
                assert_eq!(index, 2);
            }
        }
    }
    assert_eq!(results.len(), 4);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn dropping_a_map_cancels_what_it_has_under_way() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(4).start().await.unwrap();
    let mut map = pool.map(0..4, |_| lingers());
    let patience = Duration::from_secs(1);
    assert!(tokio::time::timeout(patience, map.next()).await.is_err());
    assert_eq!(pool.snapshot().counts.running, 4);
    drop(map);
    settle().await;
    let counts = pool.snapshot().counts;
    assert_eq!((counts.running, counts.unconfirmed), (0, 0));
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_map_of_nothing_is_over_and_a_limit_of_0_is_one_of_1() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    assert!(pool.map([0; 0], takes).next().await.is_none());
    let sums = pool.map(1..=3, |n| add(n, n)).limit(0).in_order().await;
    let sums: Vec<_> = sums.into_iter().map(Result::unwrap).collect();
    assert_eq!(sums, [2, 4, 6]);
    pool.shutdown().await;
}
