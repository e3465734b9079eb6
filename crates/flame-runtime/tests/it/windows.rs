//! Two things that happen at the same moment, in every order that the moment has.
//!
//! Time is paused and there is one thread, so an order is one of the turns that tasks take. A test that
//! lets a number of turns pass before it interferes, for every number, has interfered everywhere.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flame_core::backend::{ExitKind, ExitReport};
use flame_core::pool::BOOT_LINGER;
use flame_runtime::{CallError, Outcome, Pool};
use flame_task::{Task, task};
use flame_testkit::ScriptedBackend;
use flame_testkit::scripted::Event;
use futures_util::FutureExt as _;
use tokio::task::yield_now;
use tokio::time::{Instant, advance, sleep, sleep_until};

use super::{add, pool, settle};

/// More turns than a call takes from its submission to its answer.
const TURNS: u64 = 60;

/// How often the call of this number was started and was run to its end. Runners are in this process.
static RUNS: Mutex<BTreeMap<u64, (u32, u32)>> = Mutex::new(BTreeMap::new());

/// Takes a few turns, and writes down that it began and that it ended.
fn counted(number: u64) -> Task<u64> {
    task!(|number| async move {
        RUNS.lock().unwrap().entry(number).or_default().0 += 1;
        turns(10).await;
        RUNS.lock().unwrap().entry(number).or_default().1 += 1;
        number
    })
}

fn runs(number: u64) -> (u32, u32) {
    let runs = RUNS.lock().unwrap();
    runs.get(&number).copied().unwrap_or_default()
}

async fn turns(turns: u64) {
    for _ in 0..turns {
        yield_now().await;
    }
}

async fn start(backend: &Arc<ScriptedBackend>) -> Pool {
    pool(backend).max_concurrency(1).start().await.unwrap()
}

/// Nobody waits, no slot is taken, everybody who came is accounted for, and the next call runs.
async fn assert_whole(pool: &Pool) {
    settle().await;
    let counts = pool.snapshot().counts;
    assert_eq!(counts.queued + counts.running + counts.unconfirmed, 0);
    assert_eq!(counts.totals.submitted, counts.totals.answered());
    assert_eq!(add(1, 1).on(pool).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_at_any_moment_runs_once_at_most_and_frees_its_slot() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = start(&backend).await;
    add(1, 1).on(&pool).await.unwrap();
    let (mut unstarted, mut unfinished, mut finished) = (0, 0, 0);
    for moment in 0..TURNS {
        let number = 1_000 + moment;
        let call = tokio::spawn(counted(number).on(&pool));
        turns(moment).await;
        call.abort();
        assert_whole(&pool).await;
        match runs(number) {
            (0, 0) => unstarted += 1,
            (1, 0) => unfinished += 1,
            (1, 1) => finished += 1,
            runs => panic!("dropped after {moment} turns: {runs:?}"),
        }
    }
    assert!(
        unstarted > 0 && unfinished > 0 && finished > 0,
        "every stage was met: {unstarted}, {unfinished}, {finished}"
    );
    assert_eq!(pool.snapshot().counts.totals.lost, 0);
    assert_eq!(pool.snapshot().runners.len(), 1, "on one runner");
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_right_after_its_grant_is_not_started_or_is_cancelled() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = start(&backend).await;
    add(1, 1).on(&pool).await.unwrap();
    let mut call = Box::pin(counted(5_000).on(&pool));
    // The first poll submits it, and there is a free slot.
    assert!((&mut call).now_or_never().is_none());
    assert_eq!(pool.snapshot().counts.running, 1);
    assert_eq!(runs(5_000), (0, 0), "its runner has not had a turn");
    drop(call);
    let counts = pool.snapshot().counts;
    assert_eq!((counts.running, counts.unconfirmed), (0, 1));
    assert_whole(&pool).await;
    assert_eq!(runs(5_000).1, 0);
    assert_eq!(pool.snapshot().counts.totals.left, 1);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_runner_dies_at_any_moment_has_one_outcome_and_ran_once_at_most() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = start(&backend).await;
    let (mut returned, mut lost) = (0, 0);
    for moment in 0..TURNS {
        let number = 2_000 + moment;
        add(1, 1).on(&pool).await.unwrap();
        let instance = backend.undestroyed().pop().unwrap();
        let before = pool.snapshot().counts.totals;
        let call = tokio::spawn(counted(number).on(&pool));
        turns(moment).await;
        let report = ExitReport {
            how: ExitKind::Signal(9),
            stderr_tail: Vec::new(),
        };
        assert!(backend.kill(&instance, report));

        let outcome = call.await.unwrap();
        settle().await;
        let after = pool.snapshot().counts.totals;
        let (completed, gone) = (after.ended() - before.ended(), after.lost - before.lost);
        match outcome {
            Ok(_) => {
                assert_eq!((completed, gone), (1, 0));
                assert_eq!(runs(number), (1, 1));
                returned += 1;
            }
            Err(error @ CallError::RunnerLost(_)) => {
                assert_eq!(error.outcome(), Outcome::Unknown);
                assert_eq!((completed, gone), (0, 1));
                assert!(runs(number).0 <= 1);
                lost += 1;
            }
            Err(error) => panic!("{error}"),
        }
        assert_whole(&pool).await;
    }
    assert!(returned > 1 && lost > 1, "{returned} returned, {lost} lost");
    pool.shutdown().await;
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_comes_when_its_runner_falls_idle_runs_once() {
    const IDLE: Duration = Duration::from_secs(10);
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .idle_shutdown_after(IDLE)
        .start()
        .await
        .unwrap();
    let mut boots = 0;
    for moment in 0..TURNS {
        let number = 3_000 + moment;
        add(1, 1).on(&pool).await.unwrap();
        // The runner has been idle for just as long as it may be.
        sleep_until(Instant::now() + IDLE).await;
        turns(moment).await;
        let before = backend.journal().len();
        assert_eq!(counted(number).on(&pool).await.unwrap(), number);
        assert_eq!(runs(number), (1, 1));
        let news = backend.journal().split_off(before);
        boots += news
            .iter()
            .filter(|entry| entry.event == Event::CreateCalled)
            .count();
    }
    assert!(boots > 1, "some came when the runner was leaving");
    assert!(boots < TURNS as usize, "some came before it was");
    assert_eq!(pool.snapshot().counts.totals.lost, 0);
    assert_whole(&pool).await;
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_its_runner_boots_takes_the_boot_along() {
    let backend = ScriptedBackend::new()
        .delays(Duration::from_secs(20))
        .boots();
    let backend = Arc::new(backend);
    let pool = start(&backend).await;
    let call = tokio::spawn(counted(4_000).on(&pool));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(pool.snapshot().counts.booting, 1);
    call.abort();
    settle().await;
    let counts = pool.snapshot().counts;
    assert_eq!((counts.booting, counts.queued), (1, 0));
    sleep(BOOT_LINGER).await;
    settle().await;
    assert_eq!(pool.snapshot().counts.booting, 0);
    assert_eq!(pool.snapshot().runners.len(), 0);
    assert!(backend.undestroyed().is_empty());
    assert_eq!(runs(4_000), (0, 0));
    assert_whole(&pool).await;
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_a_caller_hears_when_its_deadline_passes_at_any_moment_is_what_is_counted() {
    const DEADLINE: Duration = Duration::from_secs(1);
    let backend = Arc::new(ScriptedBackend::new());
    let pool = start(&backend).await;
    add(1, 1).on(&pool).await.unwrap();
    let (mut in_time, mut late) = (0, 0);
    for moment in 0..TURNS {
        let before = pool.snapshot().counts.totals;
        let call = counted(6_000 + moment).on(&pool).timeout(DEADLINE);
        let call = tokio::spawn(call);
        // It is submitted now, so that its time begins.
        turns(moment + 1).await;
        advance(DEADLINE).await;
        let outcome = call.await.unwrap();
        settle().await;
        let after = pool.snapshot().counts.totals;
        let completed = after.ended() - before.ended();
        let expired = after.expired - before.expired;
        match outcome {
            Ok(_) => {
                assert_eq!((completed, expired), (1, 0), "after {moment} turns");
                in_time += 1;
            }
            Err(CallError::DeadlineExceeded { .. }) => {
                assert_eq!((completed, expired), (0, 1), "after {moment} turns");
                late += 1;
            }
            Err(error) => panic!("{error}"),
        }
        assert_whole(&pool).await;
    }
    assert!(in_time > 0 && late > 0, "{in_time} in time, {late} late");
    pool.shutdown().await;
}
