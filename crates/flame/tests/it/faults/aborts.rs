//! Tasks that end their runner's process, and tasks that only panic.

use serde::{Deserialize, Serialize, Serializer};

use flame::{CallError, ExitKind, Outcome, RunnerLost, call, task};
use rustix::process::{Signal, getpid, kill_process};

use super::{at_rest, lost};
use crate::marks::Marks;
use crate::tasks::{exits, holds, panics, pool, process_id, stays};

const SIGABRT: ExitKind = ExitKind::Signal(6);
const SIGSEGV: ExitKind = ExitKind::Signal(11);

/// Panics while it is dropped.
struct PanicsAgain;

impl Drop for PanicsAgain {
    fn drop(&mut self) {
        panic!("the second of two panics");
    }
}

#[flame::remote]
fn aborts() {
    std::process::abort();
}

#[flame::remote]
async fn panics_twice() {
    let _again = PanicsAgain;
    panic!("the first of two panics");
}

/// Calls itself until there is no stack left.
fn descend(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    if frame[0] == u64::MAX {
        return 0;
    }
    1 + descend(depth + 1) + std::hint::black_box(frame)[1]
}

/// Loses a runner with two calls on it by this task. Both hear the same.
async fn lose_a_runner_by(name: &str, deadly: flame::Task<()>) -> RunnerLost {
    let pool = pool(name).start().await.unwrap();
    let marks = Marks::new();
    let beside = tokio::spawn(stays(marks.path("beside")).on(&pool));
    marks.seen("beside").await;
    let own = lost(deadly.on(&pool).await);
    let beside = lost(beside.await.unwrap());
    assert_eq!(own.reason, beside.reason, "all calls on it are lost");
    assert_eq!(own.runner, beside.runner);
    assert!(
        process_id().on(&pool).await.is_ok(),
        "another runner takes over"
    );
    at_rest(&pool).await;
    pool.shutdown().await;
    own
}

#[tokio::test]
async fn an_abort_loses_all_calls_of_the_runner() {
    let lost = lose_a_runner_by("aborts", aborts()).await;
    assert_eq!(lost.reason.exit(), Some(SIGABRT), "{lost}");
}

#[tokio::test]
async fn a_stack_overflow_loses_all_calls_of_the_runner_and_names_itself() {
    let overflows = task!(|| {
        std::hint::black_box(descend(0));
    });
    let lost = lose_a_runner_by("overflows", overflows).await;
    assert_eq!(lost.reason.exit(), Some(SIGABRT), "{lost}");
    assert!(lost.to_string().contains("overflowed its stack"), "{lost}");
}

#[tokio::test]
async fn a_panic_within_a_panic_loses_all_calls_of_the_runner() {
    let lost = lose_a_runner_by("panics_twice", panics_twice()).await;
    assert_eq!(lost.reason.exit(), Some(SIGABRT), "{lost}");
}

#[tokio::test]
async fn an_allocation_that_fails_loses_all_calls_of_the_runner_and_names_itself() {
    let allocates = task!(|| async move {
        let nothing_like_it = isize::MAX as usize - 1;
        std::hint::black_box(Vec::<u8>::with_capacity(nothing_like_it));
    });
    let lost = lose_a_runner_by("allocates", allocates).await;
    assert_eq!(lost.reason.exit(), Some(SIGABRT), "{lost}");
    assert!(lost.to_string().contains("memory allocation"), "{lost}");
}

#[tokio::test]
async fn a_segmentation_fault_loses_all_calls_of_the_runner() {
    // Rust looks at the first one, whether it is a stack overflow, and leaves the next to the kernel.
    let faults = task!(|| loop {
        let _ = kill_process(getpid(), Signal::SEGV);
    } as ());
    let lost = lose_a_runner_by("segfaults", faults).await;
    assert_eq!(lost.reason.exit(), Some(SIGSEGV), "{lost}");
}

#[tokio::test]
async fn an_exit_in_a_task_is_a_loss_even_with_the_code_of_a_good_end() {
    for code in [0, 3] {
        let lost = lose_a_runner_by(&format!("exits_{code}"), exits(code)).await;
        assert_eq!(lost.reason.exit(), Some(ExitKind::Code(code)), "{lost}");
    }
}

#[tokio::test]
async fn with_one_call_for_each_runner_an_abort_takes_nobody_along() {
    let pool = pool("isolated")
        .max(2)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let marks = Marks::new();
    let neighbor = holds(marks.path("neighbor"), marks.path("enough")).on(&pool);
    let neighbor = tokio::spawn(neighbor);
    let there = marks.says("neighbor").await;
    lost(aborts().on(&pool).await);
    marks.leave("enough");
    assert_eq!(neighbor.await.unwrap().unwrap().to_string(), there);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_panic_leaves_the_runner_and_its_other_calls_alone_and_frees_its_slot() {
    let pool = pool("panics_beside")
        .max_concurrency(2)
        .start()
        .await
        .unwrap();
    let marks = Marks::new();
    let neighbor = holds(marks.path("neighbor"), marks.path("enough")).on(&pool);
    let neighbor = tokio::spawn(neighbor);
    let there = marks.says("neighbor").await;
    // More panics than slots: each gives its slot back.
    for _ in 0..3 {
        let error = panics("oh".to_owned()).on(&pool).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Done);
        assert!(matches!(error, CallError::Panicked { .. }), "{error}");
    }
    marks.leave("enough");
    assert_eq!(neighbor.await.unwrap().unwrap().to_string(), there);
    assert_eq!(pool.snapshot().counts.totals.lost, 0);
    at_rest(&pool).await;
    pool.shutdown().await;
}

/// Panics when it is to be sent.
#[derive(Debug, Deserialize)]
struct Unsendable;

impl Serialize for Unsendable {
    #[expect(clippy::panic_in_result_fn, reason = "users write such things")]
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("a result that panics when it is encoded")
    }
}

#[tokio::test]
async fn a_result_whose_encoding_panics_is_an_error_and_frees_its_slot() {
    let pool = pool("unsendable").max_concurrency(1).start().await.unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let error = call!(pool, || async move { Unsendable }).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Done);
    assert!(error.to_string().contains("when it is encoded"), "{error}");
    assert_eq!(process_id().on(&pool).await.unwrap(), there);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_panic_while_work_is_cancelled_frees_its_slot_and_spares_the_runner() {
    let pool = pool("panics_at_its_cancel")
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let there = process_id().on(&pool).await.unwrap();
    let marks = Marks::new();
    let mark = marks.path("begun");
    let call = tokio::spawn(call!(pool, |mark| async move {
        let _when_it_is_dropped = PanicsAgain;
        crate::marks::leave(&mark);
        std::future::pending::<()>().await;
    }));
    marks.seen("begun").await;
    call.abort();
    assert_eq!(process_id().on(&pool).await.unwrap(), there);
    at_rest(&pool).await;
    pool.shutdown().await;
}
