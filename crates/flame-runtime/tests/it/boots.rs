use std::sync::Arc;
use std::time::Duration;

use flame_core::backend::{BootError, ExitKind, ExitReport};
use flame_runtime::{BootCause, CallError, Outcome};
use flame_testkit::ScriptedBackend;
use tokio::time::Instant;

use super::{add, pool, settle};

#[tokio::test(start_paused = true)]
async fn a_call_waits_through_failed_boots_and_runs() {
    let backend = ScriptedBackend::new()
        .fails(BootError::no_capacity())
        .fails(BootError::no_capacity())
        .boots();
    let backend = Arc::new(backend);
    let pool = pool(&backend).start().await.unwrap();
    let started = Instant::now();
    assert_eq!(add(1, 2).on(&pool).await.unwrap(), 3);
    // Two pauses: half a second, then a second, and the jitter on top.
    assert!(started.elapsed() >= Duration::from_millis(1_500));
    pool.shutdown().await;
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_boot_that_can_never_succeed_fails_the_call_at_once() {
    let rejected = BootError::Rejected {
        source: "no such image".into(),
    };
    let backend = Arc::new(ScriptedBackend::new().fails(rejected));
    let pool = pool(&backend).start().await.unwrap();
    let started = Instant::now();
    let error = add(1, 2).on(&pool).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(error.to_string().contains("no such image"), "{error}");
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert!(!error.is_retryable());
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_never_calls_back_is_destroyed_at_boot_timeout_and_named_to_who_waited() {
    let backend = ScriptedBackend::new()
        .never_calls_back()
        .never_calls_back()
        .never_calls_back();
    let backend = Arc::new(backend);
    let pool = pool(&backend)
        .boot_timeout(Duration::from_secs(20))
        .timeout(Duration::from_secs(30))
        .start()
        .await
        .unwrap();
    let started = Instant::now();
    let error = add(1, 2).on(&pool).await.unwrap_err();
    assert_eq!(started.elapsed().as_secs(), 30);
    let CallError::BootFailed(failure) = error else {
        panic!("{error}")
    };
    assert!(
        matches!(failure.cause(), BootCause::TimedOut { .. }),
        "{failure}"
    );
    pool.shutdown().await;
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_dies_before_it_calls_back_is_replaced_at_once() {
    let report = ExitReport {
        how: ExitKind::Code(1),
        stderr_tail: vec!["no database".to_owned()],
    };
    let backend = Arc::new(
        ScriptedBackend::new()
            .dies_before_calling_back(report)
            .boots(),
    );
    let pool = pool(&backend).start().await.unwrap();
    let started = Instant::now();
    assert_eq!(add(1, 2).on(&pool).await.unwrap(), 3);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "it did not wait for boot_timeout"
    );
    pool.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_was_started_although_the_answer_was_an_error_is_destroyed() {
    let backend = Arc::new(
        ScriptedBackend::new()
            .boots_but_says(BootError::no_capacity())
            .boots(),
    );
    let pool = pool(&backend).start().await.unwrap();
    assert_eq!(add(1, 2).on(&pool).await.unwrap(), 3);
    pool.shutdown().await;
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_boot_that_was_given_up_is_nobodys_reason_for_a_failed_call() {
    let backend = ScriptedBackend::new()
        .never_calls_back()
        .delays(Duration::from_secs(20))
        .boots();
    let backend = Arc::new(backend);
    let pool = pool(&backend).start().await.unwrap();
    let call = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    call.abort();
    settle().await;
    let error = add(2, 2)
        .on(&pool)
        .timeout(Duration::from_secs(10))
        .await
        .unwrap_err();
    assert!(matches!(error, CallError::QueueTimeout { .. }), "{error}");
    pool.shutdown().await;
}
