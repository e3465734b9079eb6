use std::time::Duration;

use flame::{CallError, ChildProcess, ExitKind, Outcome, StartError, call};
use serde::{Deserialize, Serialize};

use crate::tasks::{exits, lost, panics, pool, process_id, waits};

#[tokio::test]
async fn a_panic_comes_back_with_message_place_and_backtrace_and_the_runner_lives() {
    let pool = pool("panics").start().await.unwrap();
    let before = process_id().on(&pool).await.unwrap();
    let error = panics("no such frame".to_owned())
        .on(&pool)
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::Done);
    let CallError::Panicked { task, panic, .. } = error else {
        panic!("{error}")
    };
    assert!(task.ends_with("panics"));
    assert_eq!(panic.message, "no such frame");
    assert!(panic.location.unwrap().contains("tasks.rs"));
    assert!(panic.backtrace.is_some());
    assert_eq!(process_id().on(&pool).await.unwrap(), before);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_call_that_finds_no_slot_in_time_says_so() {
    let pool = pool("queue").max_concurrency(1).start().await.unwrap();
    let busy = tokio::spawn(waits().on(&pool));
    while pool.snapshot().counts.running == 0 {
        tokio::task::yield_now().await;
    }
    let error = process_id()
        .on(&pool)
        .queue_timeout(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(matches!(error, CallError::QueueTimeout { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert!(error.is_retryable());
    busy.abort();
    assert!(
        process_id().on(&pool).await.is_ok(),
        "the slot is free when the cancelled work has ended"
    );
    pool.shutdown().await;
}

#[tokio::test]
async fn a_call_that_runs_past_its_deadline_says_so_and_frees_its_slot() {
    let pool = pool("deadline").max_concurrency(1).start().await.unwrap();
    process_id().on(&pool).await.unwrap();
    let error = waits()
        .on(&pool)
        .timeout(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(
        matches!(error, CallError::DeadlineExceeded { .. }),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(process_id().on(&pool).await.is_ok());
    pool.shutdown().await;
}

#[tokio::test]
async fn a_runner_that_exits_takes_its_calls_along_with_its_code() {
    let pool = pool("exit_codes").start().await.unwrap();
    let error = exits(7).on(&pool).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    let CallError::RunnerLost(lost) = error else {
        panic!("{error}")
    };
    assert_eq!(lost.reason.exit(), Some(ExitKind::Code(7)), "{lost}");
    assert!(
        process_id().on(&pool).await.is_ok(),
        "another runner takes over"
    );
    pool.shutdown().await;
}

#[tokio::test]
async fn a_runner_that_is_killed_takes_its_calls_along_with_the_signal() {
    let pool = pool("signals").start().await.unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let waiting = tokio::spawn(waits().on(&pool));
    while pool.snapshot().counts.running == 0 {
        tokio::task::yield_now().await;
    }
    // Calls reach a runner in order: when this one has run, the one before it was handed over.
    process_id().on(&pool).await.unwrap();
    let pid = rustix::process::Pid::from_raw(there as i32).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    let error = waiting.await.unwrap().unwrap_err();
    let CallError::RunnerLost(lost) = error else {
        panic!("{error}")
    };
    assert_eq!(lost.reason.exit(), Some(ExitKind::Signal(9)), "{lost}");
    pool.shutdown().await;
}

#[tokio::test]
async fn a_task_whose_value_nobody_provides_is_refused_by_name_and_the_others_run() {
    let pool = pool("provided").start().await.unwrap();
    let error = lost().on(&pool).await.unwrap_err();
    let CallError::NotProvided { task, type_name } = &error else {
        panic!("{error}")
    };
    assert!(
        task.ends_with("lost") && type_name.ends_with("Nowhere"),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert!(process_id().on(&pool).await.is_ok());
    pool.shutdown().await;
}

/// Encodes, and refuses to be decoded.
#[derive(Debug, Serialize)]
struct OneWay(u8);

impl<'de> Deserialize<'de> for OneWay {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("there is no way back"))
    }
}

#[tokio::test]
async fn arguments_and_results_that_do_not_decode_say_which_and_why() {
    let pool = pool("decoding").start().await.unwrap();
    let value = OneWay(1);
    let error = call!(pool, |value| async move { value.0 })
        .await
        .unwrap_err();
    assert!(
        matches!(&error, CallError::DecodeArgs { message, .. } if message.contains("no way back")),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotStarted);

    let error = call!(pool, || async move { OneWay(2) }).await.unwrap_err();
    assert!(
        matches!(&error, CallError::DecodeResult { message, .. } if message.contains("no way back")),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::Done);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_program_that_never_serves_fails_the_call_at_once_with_its_last_words() {
    let silent = ChildProcess::new()
        .program("/bin/sh")
        .args(["-c", "echo no flame here >&2"]);
    let pool = pool("never_serves").backend(silent).start().await.unwrap();
    let error = process_id().on(&pool).await.unwrap_err();
    assert!(matches!(error, CallError::BootFailed(_)), "{error}");
    assert_eq!(error.outcome(), Outcome::NotStarted);
    let text = error.to_string();
    assert!(
        text.contains("never called `runner.serve()`") && text.contains("no flame here"),
        "{text}"
    );
    pool.shutdown().await;
}

#[tokio::test]
async fn a_program_that_does_not_exist_fails_the_call_at_once() {
    let missing = ChildProcess::new().program("/nonexistent/app");
    let pool = pool("missing").backend(missing).start().await.unwrap();
    let error = process_id().on(&pool).await.unwrap_err();
    assert!(error.to_string().contains("/nonexistent/app"), "{error}");
    assert!(!error.is_retryable());
    pool.shutdown().await;
}

#[tokio::test]
async fn a_copy_of_another_build_is_refused_with_both_builds() {
    let other = crate::processes::other_build();
    let pool = pool("other_build")
        .backend(ChildProcess::new().program(other.path()).args([
            "flame_test_runner",
            "--exact",
            "--nocapture",
        ]))
        .start()
        .await
        .unwrap();
    let error = process_id().on(&pool).await.unwrap_err();
    assert!(error.to_string().contains("another build"), "{error}");
    assert!(!error.is_retryable());
    pool.shutdown().await;
}

#[tokio::test]
async fn limits_that_contradict_each_other_are_refused_at_the_start() {
    let error = flame::Pool::builder("limits")
        .max(1)
        .min(2)
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Limits(_)), "{error}");
    let error = flame::Pool::builder("no_max").start().await.unwrap_err();
    assert!(matches!(error, StartError::NoMax { .. }), "{error}");
    let error = flame::Pool::builder("Bad-Name")
        .max(1)
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Name(_)), "{error}");
}
