//! Copies that end before they call back.

use std::time::Duration;

use flame::{BootCause, CallError, ChildProcess, ExitKind, Outcome};

use super::at_rest;
use crate::marks::Marks;
use crate::processes::copy_after;
use crate::tasks::{meets, pool, process_id};

#[tokio::test]
async fn after_five_failed_boots_five_waiting_calls_get_five_runners() {
    const FAILS_FIVE_TIMES: &str = "
        for n in 1 2 3 4 5; do
            if mkdir \"$FOLDER/boot-$n\" 2>/dev/null; then exit 3; fi
        done
        exec \"$0\" \"$@\"";
    let boots = Marks::new();
    let backend = copy_after(FAILS_FIVE_TIMES).env("FOLDER", boots.path(""));
    let pool = pool("five")
        .max(5)
        .max_concurrency(1)
        .backend(backend)
        .start()
        .await
        .unwrap();

    let meeting = Marks::new();
    let calls =
        [1, 2, 3, 4, 5].map(|n| tokio::spawn(meets(meeting.path(&n.to_string()), 5).on(&pool)));
    let mut processes = Vec::new();
    for call in calls {
        processes.push(call.await.unwrap().unwrap());
    }

    boots.seen("boot-5").await;
    processes.sort_unstable();
    processes.dedup();
    assert_eq!(processes.len(), 5, "each ran on a runner of its own");
    at_rest(&pool).await;
    assert_eq!(pool.snapshot().counts.boot_failures, 0);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_copy_that_fails_is_noticed_by_its_end_and_its_last_words_reach_who_waited() {
    let fails = ChildProcess::new()
        .program("/bin/sh")
        .args(["-c", "echo no database >&2; exit 3"]);
    let pool = pool("fails")
        .boot_timeout(Duration::from_secs(3600))
        .backend(fails)
        .start()
        .await
        .unwrap();
    let error = process_id()
        .on(&pool)
        .timeout(Duration::from_secs(1))
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert!(error.is_retryable(), "it may pass");
    let CallError::BootFailed(failure) = error else {
        panic!("{error}")
    };
    let BootCause::Exited(report) = failure.cause() else {
        panic!("{failure}")
    };
    assert_eq!(report.how, ExitKind::Code(3));
    assert_eq!(report.stderr_tail, ["no database"]);
    pool.shutdown().await;
}
