//! The scripted backend does what the script says.

use std::future::pending;
use std::time::Duration;

use flame_core::backend::{Backend, BootError, BootRequest, ExitKind, ExitReport, RunnerEntry};
use flame_testkit::scripted::Event;
use flame_testkit::{ScriptedBackend, boot_request};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

const SIGKILL: i32 = 9;

#[tokio::test(start_paused = true)]
async fn outcomes_come_in_the_order_of_the_script_and_then_everything_boots() {
    let backend = ScriptedBackend::new()
        .fails(BootError::no_capacity())
        .boots()
        .fails(BootError::rate_limited(None));

    let mut created = Vec::new();
    for _ in 0..5 {
        created.push(backend.create(&boot_request()).await.is_ok());
    }

    assert_eq!(created, [false, true, false, true, true]);
}

#[tokio::test(start_paused = true)]
async fn only_a_runner_that_boots_calls_back() {
    let backend = ScriptedBackend::new().never_calls_back().boots();
    let (request, mut calls) = calling_back();

    backend.create(&request).await.unwrap();
    let second = BootRequest {
        name: boot_request().name,
        ..request
    };
    assert!(calls.try_recv().is_err());

    backend.create(&second).await.unwrap();
    assert_eq!(calls.recv().await, Some(()));
}

#[tokio::test(start_paused = true)]
async fn a_delay_passes_before_there_is_an_instance() {
    let delay = Duration::from_secs(5);
    let backend = ScriptedBackend::new().delays(delay).boots();
    let (request, mut calls) = calling_back();
    let begin = Instant::now();

    let early = timeout(delay / 2, backend.create(&request)).await;
    assert!(early.is_err());
    assert!(backend.undestroyed().is_empty());
    assert!(calls.try_recv().is_err());

    let backend = ScriptedBackend::new().delays(delay).boots();
    backend.create(&request).await.unwrap();
    assert_eq!(begin.elapsed(), delay / 2 + delay);
}

#[tokio::test(start_paused = true)]
async fn a_runner_may_die_before_it_calls_back() {
    let exit = report(ExitKind::Code(3));
    let backend = ScriptedBackend::new().dies_before_calling_back(exit.clone());
    let (request, mut calls) = calling_back();

    backend.create(&request).await.unwrap();

    assert_eq!(backend.ended(&request.name).await, exit);
    assert!(calls.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_killed_runner_is_dropped_and_everybody_is_told_how_it_ended() {
    let backend = ScriptedBackend::new();
    let (request, mut calls) = calling_back();
    backend.create(&request).await.unwrap();
    calls.recv().await.unwrap();

    assert!(backend.kill(&request.name, report(ExitKind::Signal(SIGKILL))));

    let end = backend.ended(&request.name).await;
    assert_eq!(end.how, ExitKind::Signal(SIGKILL));
    drop(request);
    assert_eq!(
        calls.recv().await,
        None,
        "the runner still holds its sender"
    );
}

#[tokio::test(start_paused = true)]
async fn an_instance_whose_creation_got_lost_on_its_way_is_there_until_destroyed() {
    let backend = ScriptedBackend::new().boots_but_says(BootError::no_capacity());
    let request = boot_request();

    assert!(backend.create(&request).await.is_err());
    assert_eq!(backend.undestroyed(), std::slice::from_ref(&request.name));

    backend.destroy(&request.name).await.unwrap();
    assert!(backend.undestroyed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_journal_tells_what_was_asked_and_what_came_of_it() {
    let backend = ScriptedBackend::new().boots().fails_to_destroy(1);
    let request = boot_request();

    backend.create(&request).await.unwrap();
    assert!(backend.destroy(&request.name).await.is_err());
    backend.destroy(&request.name).await.unwrap();

    let events: Vec<Event> = backend.journal().iter().map(|entry| entry.event).collect();
    assert_eq!(
        events,
        [
            Event::CreateCalled,
            Event::Created,
            Event::DestroyCalled,
            Event::DestroyFailed,
            Event::DestroyCalled,
            Event::Destroyed,
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_test_can_wait_for_a_create() {
    let backend = ScriptedBackend::new();
    let requests = [boot_request(), boot_request()];

    let (name, ()) = tokio::join!(backend.nth_create(1), async {
        for request in &requests {
            backend.create(request).await.unwrap();
        }
    });

    assert_eq!(name, requests[1].name);
}

/// A request whose runner says that it has called back, and lives on.
fn calling_back() -> (BootRequest, mpsc::UnboundedReceiver<()>) {
    let (calls, heard) = mpsc::unbounded_channel();
    let request = BootRequest {
        entry: RunnerEntry::new(move || {
            let calls = calls.clone();
            Box::pin(async move {
                calls.send(()).unwrap();
                pending().await
            })
        }),
        ..boot_request()
    };
    (request, heard)
}

fn report(how: ExitKind) -> ExitReport {
    ExitReport {
        how,
        stderr_tail: Vec::new(),
    }
}
