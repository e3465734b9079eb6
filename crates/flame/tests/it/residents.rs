//! Values that calls leave on their runners.

mod losses;
mod refusals;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flame::{CallError, Outcome, Pool, Resident, ResidentError, task};
use serde::{Deserialize, Serialize};

use crate::marks::{self, Marks};
use crate::processes::{eventually, is_alive};
use crate::tasks::{pool, process_id};

/// A counter that could not travel if it wanted to.
struct Counter {
    count: AtomicU32,
    process: u32,
    /// Leaves this mark when it goes.
    epitaph: Option<String>,
}

impl Counter {
    fn new(start: u32) -> Self {
        Self {
            count: AtomicU32::new(start),
            process: std::process::id(),
            epitaph: None,
        }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if let Some(mark) = &self.epitaph {
            marks::leave(mark);
        }
    }
}

#[flame::remote]
async fn counter(start: u32) -> Resident<Counter> {
    Resident::new(Counter::new(start))
}

#[flame::remote]
async fn mourned(mark: String) -> Resident<Counter> {
    let mut counter = Counter::new(0);
    counter.epitaph = Some(mark);
    Resident::new(counter)
}

/// Counts on, and tells the count and the process.
#[flame::remote]
async fn counts_on(counter: Resident<Counter>) -> Option<(u32, u32)> {
    let counter = counter.get()?;
    let count = counter.count.fetch_add(1, Ordering::Relaxed);
    Some((count, counter.process))
}

#[flame::remote]
async fn sum(first: Resident<Counter>, second: Resident<Counter>) -> u32 {
    let count = |counter: &Resident<Counter>| {
        let counter = counter.get().unwrap();
        counter.count.load(Ordering::Relaxed)
    };
    count(&first) + count(&second)
}

/// Says when it has begun, ends when there is the other mark.
#[flame::remote]
fn holds_counter(counter: Resident<Counter>, mark: String, until: String) -> u32 {
    marks::leave(&mark);
    marks::block_until_left(&until);
    counter.get().unwrap().process
}

#[flame::remote]
async fn three() -> [Resident<Counter>; 3] {
    [1, 2, 3].map(|start| Resident::new(Counter::new(start)))
}

/// The states of the pool's slots: running, waiting, kept by values.
fn slots(pool: &Pool) -> (usize, usize, usize) {
    let counts = pool.snapshot().counts;
    (counts.running, counts.queued, counts.residents)
}

async fn crowded(name: &str) -> Pool {
    let pool = pool(name).max_concurrency(1);
    pool.start().await.unwrap()
}

fn assert_gone(error: &CallError) {
    assert_refused(error, ResidentError::Gone);
}

fn assert_refused(error: &CallError, why: ResidentError) {
    assert_eq!(error.outcome(), Outcome::NotStarted, "{error}");
    assert!(!error.is_retryable());
    let CallError::Resident { error, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(*error, why);
}

#[tokio::test]
async fn a_value_stays_on_its_runner_and_later_calls_find_it_there() {
    let pool = pool("stays")
        .max(3)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let counter = counter(7).on(&pool).await.unwrap();
    assert!(counter.get().is_none(), "only a handle came back");
    assert!(
        counter
            .runner()
            .is_some_and(|name| name.starts_with("stays-"))
    );
    // It would be on another runner as often as not, were it not for the handle.
    let other = process_id().on(&pool).await.unwrap();
    for expected in 7..12 {
        let (count, process) = counts_on(counter.clone()).on(&pool).await.unwrap().unwrap();
        assert_eq!(count, expected);
        assert_ne!(process, std::process::id());
        assert_ne!(process, other);
    }
    // A closure takes it along like anything else.
    let taken = counter.clone();
    let sum = flame::call!(pool, |taken| async move {
        taken
            .get()
            .map(|counter| counter.count.load(Ordering::Relaxed))
    });
    assert_eq!(sum.await.unwrap(), Some(12));
    pool.shutdown().await;
}

#[tokio::test]
async fn handles_come_back_in_whatever_the_result_is() {
    #[derive(Serialize, Deserialize)]
    struct Index {
        title: String,
        words: Resident<BTreeMap<String, usize>>,
        pages: Vec<Resident<String>>,
        spare: Option<Resident<u8>>,
    }
    let pool = crowded("shapes").await;
    let index = flame::call!(pool, || async move {
        let words = BTreeMap::from([("one".to_owned(), 1), ("two".to_owned(), 2)]);
        Index {
            title: "index".to_owned(),
            words: Resident::new(words),
            pages: ["a page", "another"]
                .map(str::to_owned)
                .map(Resident::new)
                .into(),
            spare: None,
        }
    });
    let Index {
        title,
        words,
        pages,
        spare,
    } = index.await.unwrap();
    assert_eq!((title.as_str(), spare.is_none()), ("index", true));
    assert_eq!(slots(&pool), (0, 0, 1), "all of them keep one slot");
    let found = flame::call!(pool, |words, pages| async move {
        let words = words.get().unwrap();
        let pages: Vec<_> = pages
            .iter()
            .map(|page| page.get().unwrap().clone())
            .collect();
        (words["two"], pages)
    });
    let expected = (2, vec!["a page".to_owned(), "another".to_owned()]);
    assert_eq!(found.await.unwrap(), expected);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_task_that_may_fail_leaves_a_value_when_it_does_not() {
    #[flame::remote]
    async fn load(number: u32) -> anyhow::Result<Resident<Counter>> {
        anyhow::ensure!(number > 0, "there is no such counter");
        Ok(Resident::new(Counter::new(number)))
    }
    let pool = crowded("fallible").await;
    assert!(load(0).on(&pool).await.unwrap().is_err());
    let counter = load(9).on(&pool).await.unwrap().unwrap();
    assert_eq!(counts_on(counter).on(&pool).await.unwrap().unwrap().0, 9);
    pool.shutdown().await;
}

#[tokio::test]
async fn three_values_of_one_call_keep_its_slot_until_the_third_is_dropped() {
    let pool = crowded("three").await;
    let [first, second, third] = three().on(&pool).await.unwrap();
    let next = pool.cast(process_id()).unwrap();
    assert_eq!(slots(&pool), (0, 1, 1));
    // Whatever needs them is served in that same slot, one after the other.
    let both = sum(first.clone(), second.clone()).on(&pool).await.unwrap();
    assert_eq!(both, 3);
    drop(first);
    second.release();
    assert_eq!(
        counts_on(third.clone()).on(&pool).await.unwrap().unwrap().0,
        3
    );
    assert!(!next.is_finished());
    assert_eq!(slots(&pool), (0, 1, 1));
    drop(third);
    next.join().await.unwrap();
    assert_eq!(slots(&pool), (0, 0, 0));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_released_value_is_dropped_on_its_runner() {
    let marks = Marks::new();
    let pool = pool("dropped").start().await.unwrap();
    let first = mourned(marks.path("first")).on(&pool).await.unwrap();
    let second = mourned(marks.path("second")).on(&pool).await.unwrap();
    let again = first.clone();
    drop(first);
    counts_on(again.clone()).on(&pool).await.unwrap().unwrap();
    assert!(!marks::is_left(&marks.path("first")));
    drop(again);
    eventually("it is dropped", || marks::is_left(&marks.path("first"))).await;
    assert!(!marks::is_left(&marks.path("second")));
    drop(second);
    eventually("it is dropped too", || {
        marks::is_left(&marks.path("second"))
    })
    .await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_result_that_nobody_takes_leaves_nothing() {
    let marks = Marks::new();
    let pool = crowded("untaken").await;
    drop(pool.cast(mourned(marks.path("left"))).unwrap());
    eventually("it is dropped", || marks::is_left(&marks.path("left"))).await;
    eventually("its slot is free", || slots(&pool) == (0, 0, 0)).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn one_call_at_a_time_needs_no_slot_and_others_wait_without_another_runner() {
    let marks = Marks::new();
    let pool = pool("queue")
        .max(3)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let counter = counter(0).on(&pool).await.unwrap();
    let holder = pool
        .cast(holds_counter(
            counter.clone(),
            marks.path("begun"),
            marks.path("end"),
        ))
        .unwrap();
    marks.seen("begun").await;
    let waiting: Vec<_> = (0..4)
        .map(|_| pool.cast(counts_on(counter.clone())).unwrap())
        .collect();
    let counts = pool.snapshot().counts;
    assert_eq!((counts.pinned, counts.queued, counts.running), (4, 4, 1));
    assert_eq!(
        counts.ready + counts.booting,
        1,
        "no other runner would help"
    );
    marks.leave("end");
    let process = holder.join().await.unwrap();
    for (expected, waiting) in (0..).zip(waiting) {
        assert_eq!(waiting.join().await.unwrap(), Some((expected, process)));
    }
    pool.shutdown().await;
}

#[tokio::test]
async fn a_runner_with_values_is_not_idle() {
    let pool = pool("awake")
        .max(2)
        .max_concurrency(1)
        .idle_shutdown_after(Duration::from_millis(50))
        .start()
        .await
        .unwrap();
    let counter = counter(0).on(&pool).await.unwrap();
    let (_, process) = counts_on(counter.clone()).on(&pool).await.unwrap().unwrap();
    // The other one has been without work for a shorter time, and goes for want of it.
    let other = process_id().on(&pool).await.unwrap();
    assert_ne!(other, process);
    eventually("the other one is gone", || !is_alive(other)).await;
    let again = counts_on(counter.clone()).on(&pool).await.unwrap();
    assert_eq!(again, Some((1, process)));
    drop(counter);
    eventually("it is gone", || !is_alive(process)).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_value_may_be_left_by_a_call_that_needs_another() {
    let pool = crowded("chain").await;
    let first = counter(5).on(&pool).await.unwrap();
    let given = first.clone();
    let derived = flame::call!(pool, |given| async move {
        let count = given.get().unwrap().count.load(Ordering::Relaxed);
        (given, Resident::new(Counter::new(count * 2)))
    });
    let (same, derived) = derived.await.unwrap();
    assert_eq!(
        slots(&pool),
        (0, 0, 2),
        "two groups, and still a single slot"
    );
    drop(first);
    assert_eq!(sum(same, derived).on(&pool).await.unwrap(), 15);
    eventually("nothing is left", || slots(&pool) == (0, 0, 0)).await;
    process_id().on(&pool).await.unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn a_single_use_runner_serves_its_value_until_that_is_dropped() {
    let pool = pool("single").single_use().start().await.unwrap();
    let counter = counter(0).on(&pool).await.unwrap();
    let (_, process) = counts_on(counter.clone()).on(&pool).await.unwrap().unwrap();
    assert_eq!(
        counts_on(counter.clone()).on(&pool).await.unwrap(),
        Some((1, process))
    );
    drop(counter);
    eventually("it has had its use", || !is_alive(process)).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn it_is_the_same_inside_one_process() {
    let backend = flame::InProcess::new();
    let pool = pool("inside")
        .max_concurrency(1)
        .backend(backend)
        .start()
        .await
        .unwrap();
    let counter = counter(3).on(&pool).await.unwrap();
    assert!(counter.get().is_none());
    assert_eq!(
        counts_on(counter.clone())
            .on(&pool)
            .await
            .unwrap()
            .unwrap()
            .0,
        3
    );
    let next = pool.cast(task!(|| async move { 1 })).unwrap();
    assert!(!next.is_finished());
    drop(counter);
    assert_eq!(next.join().await.unwrap(), 1);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_call_that_does_not_return_its_value_leaves_nothing() {
    let marks = Marks::new();
    let mark = marks.path("left");
    let pool = crowded("nothing").await;
    let kept = flame::call!(pool, |mark| async move {
        let mut counter = Counter::new(1);
        counter.epitaph = Some(mark);
        let resident = Resident::new(counter);
        resident.get().map(|counter| counter.process)
    });
    assert!(kept.await.unwrap().is_some());
    marks.seen("left").await;
    assert_eq!(slots(&pool), (0, 0, 0));
    pool.shutdown().await;
}
