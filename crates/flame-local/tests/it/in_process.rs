//! Runners as tasks of this process.

use std::future::pending;
use std::time::Duration;

use flame_core::backend::{Backend, BootRequest, ExitKind, ExitReport, RunnerEntry};
use flame_local::InProcess;
use flame_testkit::boot_request;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

use crate::shell::{run, soon};

#[tokio::test]
async fn the_report_of_a_runner_is_told() {
    let report = ExitReport {
        how: ExitKind::Code(66),
        stderr_tail: vec!["no parent".into()],
    };
    let told = report.clone();
    let request = living(move || {
        let told = told.clone();
        async move { told }
    });
    assert_eq!(run(&InProcess::new(), &request).await, report);
}

#[tokio::test]
async fn a_panic_is_told_with_its_message() {
    let request = living(|| async { panic!("boot {}", "failed") });

    let report = run(&InProcess::new(), &request).await;

    assert_eq!(report.how, ExitKind::Unknown);
    assert_eq!(report.stderr_tail, ["the runner panicked: boot failed"]);
}

#[tokio::test]
async fn destroy_drops_the_runner_and_tells_those_who_wait() {
    let backend = InProcess::new();
    let (alive, dropped) = oneshot::channel::<()>();
    let alive = std::sync::Mutex::new(Some(alive));
    let request = living(move || {
        let alive = alive.lock().unwrap().take();
        async move {
            pending::<()>().await;
            drop(alive);
            ExitReport::default()
        }
    });
    backend.create(&request).await.unwrap();

    let (report, destroyed) =
        soon(async { tokio::join!(backend.ended(&request.name), backend.destroy(&request.name)) })
            .await;

    destroyed.unwrap();
    assert_eq!(report.stderr_tail, ["the runner was aborted"]);
    assert!(soon(dropped).await.is_err(), "the runner was not dropped");
}

#[tokio::test(start_paused = true)]
async fn on_the_current_runtime_the_time_of_a_test_can_be_paused() {
    const LONG: Duration = Duration::from_secs(3600);
    let backend = InProcess::on_current_runtime();
    let request = living(|| async {
        sleep(LONG).await;
        ExitReport::default()
    });
    let begin = Instant::now();

    backend.create(&request).await.unwrap();
    backend.ended(&request.name).await;

    assert_eq!(begin.elapsed(), LONG);
}

#[test]
fn runners_outlive_the_runtime_that_created_them() {
    let backend = InProcess::new();
    let (go, gone) = oneshot::channel::<()>();
    let gone = std::sync::Mutex::new(Some(gone));
    let request = living(move || {
        let gone = gone.lock().unwrap().take().unwrap();
        async move {
            let _ = gone.await;
            ExitReport {
                how: ExitKind::Code(0),
                stderr_tail: Vec::new(),
            }
        }
    });
    on_a_runtime(async { backend.create(&request).await.unwrap() });

    go.send(()).unwrap();

    let report = on_a_runtime(soon(backend.ended(&request.name)));
    assert_eq!(report.how, ExitKind::Code(0));
}

#[tokio::test]
async fn a_backend_may_be_dropped_on_a_runtime() {
    let backend = InProcess::new();
    backend.create(&boot_request()).await.unwrap();
    drop(backend);
}

fn living<F>(life: impl Fn() -> F + Send + Sync + 'static) -> BootRequest
where
    F: Future<Output = ExitReport> + Send + 'static,
{
    BootRequest {
        entry: RunnerEntry::new(move || Box::pin(life())),
        ..boot_request()
    }
}

fn on_a_runtime<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
