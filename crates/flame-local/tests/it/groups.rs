//! What a copy has started goes with it.

use std::time::{Duration, Instant};

use flame_core::backend::{Backend, ExitKind};
use flame_testkit::boot_request;

use crate::fifo::Fifo;
use crate::shell::{poll_once, shell, soon};

#[tokio::test]
async fn destroy_also_ends_what_the_copy_has_started() {
    let fifo = Fifo::new();
    let script = "exec 3>\"$FIFO\"; sleep 1000 & echo started >&3; wait";
    let backend = shell(script).env("FIFO", fifo.path());
    let request = boot_request();
    backend.create(&request).await.unwrap();
    let (held, line) = fifo.open().await.line().await;
    assert_eq!(line, "started");

    soon(backend.destroy(&request.name)).await.unwrap();

    assert_eq!(held.rest().await, "", "the grandchild lives");
}

#[tokio::test]
async fn what_a_copy_leaves_behind_ends_when_the_copy_does() {
    let fifo = Fifo::new();
    let script = "exec 3>\"$FIFO\"; sleep 1000 & exit 3";
    let backend = shell(script).env("FIFO", fifo.path());
    let request = boot_request();
    backend.create(&request).await.unwrap();
    let held = fifo.open().await;

    assert_eq!(
        soon(backend.ended(&request.name)).await.how,
        ExitKind::Code(3)
    );

    assert_eq!(held.rest().await, "", "the grandchild lives");
}

#[tokio::test]
async fn a_process_in_a_session_of_its_own_survives_and_does_not_hold_up_the_report() {
    const LIFE: Duration = Duration::from_secs(5);
    let fifo = Fifo::new();
    // It holds the copy's standard error, and says when it is in a session of its own.
    let script = "setsid sh -c 'exec 3>\"$FIFO\"; echo free >&3; exec sleep 5' & \
                  read word < \"$WAIT\"; echo last words >&2; exit 4";
    let wait = Fifo::new();
    let backend = shell(script)
        .env("FIFO", fifo.path())
        .env("WAIT", wait.path());
    let request = boot_request();
    let begin = Instant::now();
    backend.create(&request).await.unwrap();
    let (held, line) = fifo.open().await.line().await;
    assert_eq!(line, "free");
    std::fs::write(wait.path(), "go\n").unwrap();

    let report = soon(backend.ended(&request.name)).await;

    assert_eq!(report.how, ExitKind::Code(4));
    assert_eq!(report.stderr_tail, ["last words"]);
    assert!(begin.elapsed() < LIFE, "the report waited for the survivor");
    held.rest().await;
    assert!(begin.elapsed() >= LIFE, "the survivor was killed");
}

#[tokio::test]
async fn dropping_the_backend_ends_its_copies() {
    let fifo = Fifo::new();
    let backend = shell("exec 3>\"$FIFO\"; sleep 1000").env("FIFO", fifo.path());
    backend.create(&boot_request()).await.unwrap();
    let held = fifo.open().await;

    drop(backend);

    held.rest().await;
}

#[tokio::test]
async fn a_copy_that_is_about_to_start_is_destroyed_all_the_same() {
    let backend = shell("sleep 1000");
    for _ in 0..20 {
        let request = boot_request();
        let mut create = Box::pin(backend.create(&request));
        // The first poll starts a thread, which in most rounds is still busy when the create is given
        // up. A destroy that came too early would wait for a thousand seconds.
        poll_once(&mut create).await;
        drop(create);

        soon(backend.destroy(&request.name)).await.unwrap();

        let end = soon(backend.ended(&request.name)).await;
        assert_eq!(end.how, ExitKind::Unknown, "a destroyed name is forgotten");
    }
}
