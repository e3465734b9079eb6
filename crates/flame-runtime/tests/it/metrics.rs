//! What a recorder hears of a pool.

mod blocks;
mod heard;
mod panics;

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use flame_core::backend::{BootError, ExitReport};
use flame_local::InProcess;
use flame_runtime::{CallError, Pool, RunnerEnv};
use flame_task::{Task, task};
use flame_testkit::ScriptedBackend;
use tokio::time::{sleep, timeout};

use super::replay::Eavesdropper;
use super::{add, lingers, pool, settle, takes};
use blocks::Blocks;
use heard::Heard;
use panics::Panics;

/// Longer than news wait for others that are told together with them.
const TOLD_BY: Duration = Duration::from_millis(101);

#[tokio::test(start_paused = true)]
async fn a_pool_tells_of_its_queue_its_runners_and_its_calls() {
    let heard = Heard::install();
    let backend = ScriptedBackend::new()
        .delays(Duration::from_secs(2))
        .boots();
    let pool = pool(&Arc::new(backend))
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let calls = [takes(3_000), takes(1_000)].map(|task| tokio::spawn(task.on(&pool)));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(heard.gauge("flame_calls_queued kind=call"), 2.0);
    assert_eq!(heard.gauge("flame_runners phase=booting"), 1.0);

    sleep(Duration::from_secs(2)).await;
    assert_eq!(heard.gauge("flame_calls_queued kind=call"), 1.0);
    assert_eq!(heard.gauge("flame_calls_running kind=call"), 1.0);
    assert_eq!(heard.gauge("flame_runners phase=booting"), 0.0);
    assert_eq!(heard.gauge("flame_runners phase=ready"), 1.0);

    for call in calls {
        call.await.unwrap().unwrap();
    }
    pool.shutdown().await;
    settle().await;
    assert_eq!(heard.times("flame_boot_seconds"), [2.0]);
    assert_eq!(
        heard.times("flame_call_seconds kind=call outcome=returned"),
        [5.0, 6.0]
    );
    assert_eq!(heard.counter("flame_calls_submitted_total kind=call"), 2);
    assert_eq!(heard.counter("flame_boots_total"), 1);
    assert_eq!(heard.counter("flame_runners_finished_total"), 1);
    heard.nothing_is_left();
}

#[tokio::test(start_paused = true)]
async fn work_that_never_ends_shows_in_a_gauge_that_grows_without_news() {
    let heard = Heard::install();
    let pool = pool(&Arc::new(ScriptedBackend::new()))
        .start()
        .await
        .unwrap();
    let endless = task!(|| async move { pending::<()>().await });
    let call = tokio::spawn(pool.call(endless).no_timeout());
    sleep(Duration::from_millis(500)).await;
    let mut before = heard.gauge("flame_oldest_running_seconds");
    for _ in 0..5 {
        sleep(Duration::from_millis(1_500)).await;
        let now = heard.gauge("flame_oldest_running_seconds");
        assert!(now > before, "{now} after {before}");
        before = now;
    }
    assert!(before > 6.0, "{before}");
    call.abort();
    sleep(Duration::from_secs(2)).await;
    assert_eq!(heard.gauge("flame_oldest_running_seconds"), 0.0);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn boots_that_fail_are_told_by_reason_and_so_is_a_pool_that_has_no_luck() {
    let heard = Heard::install();
    let backend = ScriptedBackend::new()
        .fails(BootError::no_capacity())
        .fails(BootError::no_capacity())
        .dies_before_calling_back(ExitReport::default())
        .dies_before_calling_back(ExitReport::default())
        .never_calls_back();
    let pool = pool(&Arc::new(backend))
        .boot_timeout(Duration::from_secs(20))
        .start()
        .await
        .unwrap();
    let call = tokio::spawn(pool.call(add(1, 1)).no_timeout());
    while heard.gauge_if_heard("flame_pool_degraded") != Some(1.0) {
        sleep(TOLD_BY).await;
        assert!(!call.is_finished());
    }
    assert_eq!(call.await.unwrap().unwrap(), 2);
    sleep(TOLD_BY).await;
    assert_eq!(heard.gauge("flame_pool_degraded"), 0.0);
    assert_eq!(heard.counter("flame_boots_failed_total reason=backend"), 2);
    assert_eq!(heard.counter("flame_boots_failed_total reason=exited"), 2);
    assert_eq!(
        heard.counter("flame_boots_failed_total reason=timed_out"),
        1
    );
    assert_eq!(heard.counter("flame_boots_total"), 6);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_runner_and_the_second_try_of_its_call_are_told() {
    let heard = Heard::install();
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let again = tokio::spawn(pool.call(takes(1_000)).idempotent(1));
    let lost = tokio::spawn(takes(1_000).on(&pool));
    let instance = backend.nth_create(0).await;
    settle().await;
    assert!(backend.kill(&instance, ExitReport::default()));
    assert_eq!(again.await.unwrap().unwrap(), 1_000);
    let error = lost.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::RunnerLost(_)), "{error}");
    pool.shutdown().await;
    settle().await;
    assert_eq!(heard.counter("flame_runners_lost_total reason=exited"), 1);
    assert_eq!(heard.counter("flame_calls_retried_total kind=call"), 1);
    assert_eq!(
        heard
            .times("flame_call_seconds kind=call outcome=lost")
            .len(),
        1
    );
    heard.nothing_is_left();
}

#[tokio::test(start_paused = true)]
async fn the_bytes_of_arguments_and_results_are_told() {
    let heard = Heard::install();
    let pool = pool(&Arc::new(ScriptedBackend::new()))
        .start()
        .await
        .unwrap();
    let (sent, wanted) = ("x".repeat(10_000), 300_000);
    let task: Task<String> = task!(|sent, wanted| async move { sent[..1].repeat(wanted) });
    task.on(&pool).await.unwrap();
    pool.shutdown().await;
    settle().await;
    let (sent, received) = (
        heard.counter("flame_argument_bytes_total"),
        heard.counter("flame_result_bytes_total"),
    );
    assert!((10_000..10_020).contains(&sent), "{sent}");
    assert!((300_000..300_020).contains(&received), "{received}");
}

/// Whatever becomes of callers, for each outcome the durations are as many as the callers that had it, and both
/// agree with the pool's own counts.
#[tokio::test(start_paused = true)]
async fn every_caller_is_told_of_once_with_the_outcome_that_is_counted() {
    let heard = Heard::install();
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .max_concurrency(4)
        .max_queue(3)
        .start()
        .await
        .unwrap();
    all_kinds_of_ends(&pool, &backend).await;
    let totals = pool.snapshot().counts.totals;
    settle().await;
    let ended = heard.counted_by_outcome("flame_calls_ended_total");
    let timed = heard.timed_by_outcome("flame_call_seconds");
    assert_eq!(ended, timed);
    let expected = [
        ("cancelled", totals.cancelled),
        ("expired", totals.expired),
        ("failed", totals.failed),
        ("left", totals.left),
        ("lost", totals.lost),
        ("pool_shutdown", totals.rejected.pool_shutdown),
        ("queue_full", totals.rejected.queue_full),
        ("queue_timeout", totals.rejected.queue_timeout),
        ("returned", totals.returned),
    ];
    assert!(expected.iter().all(|(_, count)| *count > 0), "{totals:?}");
    assert!(
        ended
            .iter()
            .map(|(name, n)| (name.as_str(), *n))
            .eq(expected),
        "{ended:?}"
    );
    heard.nothing_is_left();
}

/// Lets callers end in every way that a test can bring about, and then the pool.
async fn all_kinds_of_ends(pool: &Pool, backend: &ScriptedBackend) {
    assert_eq!(add(1, 1).on(pool).await.unwrap(), 2);
    let nothing = String::new();
    let panics = task!(|nothing| async move { assert!(!nothing.is_empty()) });
    panics.on(pool).await.unwrap_err();
    let expired = lingers().on(pool).timeout(Duration::from_secs(1)).await;
    expired.unwrap_err();
    let leaves = tokio::spawn(lingers().on(pool));
    settle().await;
    leaves.abort();
    settle().await;

    // It is full, and then its one runner is lost.
    let running: Vec<_> = (0..4).map(|_| tokio::spawn(lingers().on(pool))).collect();
    settle().await;
    let waits: Vec<_> = (0..3).map(|_| tokio::spawn(takes(1).on(pool))).collect();
    settle().await;
    add(1, 1).on(pool).await.unwrap_err();
    assert!(backend.kill(&backend.nth_create(0).await, ExitReport::default()));
    for call in running {
        call.await.unwrap().unwrap_err();
    }
    for call in waits {
        call.await.unwrap().unwrap();
    }

    let running: Vec<_> = (0..4)
        .map(|_| tokio::spawn(pool.call(lingers()).no_timeout()))
        .collect();
    settle().await;
    let impatient = pool.call(add(1, 1)).queue_timeout(Duration::from_secs(1));
    impatient.await.unwrap_err();
    let waits = tokio::spawn(add(1, 1).on(pool));
    settle().await;
    drop(pool.cast(takes(1)).unwrap());
    pool.shutdown().await;
    for call in running {
        call.await.unwrap().unwrap_err();
    }
    waits.await.unwrap().unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_recorder_that_panics_harms_no_pool() {
    let _installed = metrics::set_default_local_recorder(&Panics);
    let pool = pool(&Arc::new(ScriptedBackend::new()))
        .start()
        .await
        .unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    sleep(TOLD_BY).await;
    assert_eq!(add(2, 2).on(&pool).await.unwrap(), 4);
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn who_is_turned_away_is_told_and_no_secret_is() {
    let heard = Heard::install();
    let backend = Arc::new(Eavesdropper::new());
    let pool = Pool::builder("knocked")
        .max(1)
        .backend(backend.clone())
        .env(RunnerEnv::new().secret("PAYMENT_KEY", "canary-4711"))
        .on_current_runtime()
        .start()
        .await
        .unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    let told = backend.first();
    for _ in 0..3 {
        told.run().await;
    }
    settle().await;
    let refused = "flame_handshakes_refused_total reason=used";
    assert_eq!(heard.counter(refused), 3);
    pool.shutdown().await;
    assert!(heard.shows("reason=used"));
    assert!(!heard.shows("canary"));
}

#[tokio::test]
async fn a_recorder_that_blocks_holds_up_no_pool() {
    let recorder = Blocks::install();
    // On the library's own threads, as in an application.
    let pool = Pool::builder("blocked").max(1).backend(InProcess::new());
    let pool = pool.start().await.unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    recorder.blocks().await;
    let lives = async {
        assert_eq!(add(2, 2).on(&pool).await.unwrap(), 4);
        pool.shutdown().await;
    };
    timeout(Duration::from_secs(30), lives).await.unwrap();
    recorder.release();
}
