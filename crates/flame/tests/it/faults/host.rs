//! A host that has too little of something.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use flame::{BootCause, CallError, Outcome, StartError};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::marks::{self, Marks};
use crate::processes::eventually;
use crate::scenarios::{start_with, tell};
use crate::tasks::{holds, meets, pool, process_id};

/// Tells the parent where its marks are.
const FOLDER: &str = "FLAME_TEST_MARKS";

#[tokio::test]
async fn without_descriptors_running_calls_go_on_and_boots_fail_until_there_are_some() {
    let marks = Marks::new();
    let parent = start_with("has_no_descriptors", |command| {
        command
            .env(FOLDER, marks.path(""))
            .env("TMPDIR", marks.path(""))
    });
    parent.says("there are none");
    // Somebody who cannot be accepted must not keep the parent busy.
    let _knocking = UnixStream::connect(socket(&marks, parent.pid())).unwrap();
    let before = cpu_time(parent.pid());
    let refusal = parent.says("refused:");
    let busy = cpu_time(parent.pid()) - before;
    assert!(refusal.contains("Too many open files"), "{refusal}");
    assert!(busy < REFUSED_AFTER / 2, "busy for {busy:?}");

    marks.leave("enough");
    assert!(parent.says("running:").starts_with("Ok"));
    parent.says("there are some");
    assert_eq!(parent.says("two runners:"), "Ok Ok");
    assert!(parent.end().await.success());
}

/// How long the refused call waits.
const REFUSED_AFTER: Duration = Duration::from_secs(2);

/// Runs out of descriptors while a call runs, and gets them back.
pub(crate) async fn has_no_descriptors() {
    let folder = std::env::var(FOLDER).unwrap();
    let path = |name: &str| format!("{folder}{name}");
    let pool = pool("few").max(2).max_concurrency(1).start().await.unwrap();
    let running = tokio::spawn(holds(path("begun"), path("enough")).on(&pool));
    eventually("it runs", || marks::is_left(&path("begun"))).await;

    // What is open stays open; there is no number for anything more.
    let usual = getrlimit(Resource::Nofile);
    let few = Rlimit {
        current: Some(3),
        ..usual
    };
    setrlimit(Resource::Nofile, few).unwrap();
    tell("there are none");
    let error = process_id()
        .on(&pool)
        .timeout(REFUSED_AFTER)
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert!(error.is_retryable(), "{error}");
    let CallError::BootFailed(failure) = &error else {
        panic!("{error}")
    };
    assert!(matches!(failure.cause(), BootCause::Backend(_)), "{error}");
    tell(&format!("refused: {error}"));
    tell(&format!("running: {:?}", running.await.unwrap()));

    setrlimit(Resource::Nofile, usual).unwrap();
    tell("there are some");
    fs::create_dir(path("meeting")).unwrap();
    let (one, two) = tokio::join!(
        meets(path("meeting/one"), 2).on(&pool),
        meets(path("meeting/two"), 2).on(&pool)
    );
    assert_ne!(one.unwrap(), two.unwrap());
    tell("two runners: Ok Ok");
    pool.shutdown().await;
}

#[tokio::test]
async fn a_pool_that_has_no_place_for_its_sockets_says_so_and_starts_nothing() {
    let parent = start_with("cannot_listen", |command| {
        command.env("TMPDIR", "/nonexistent")
    });
    let error = parent.says("cannot start:");
    assert!(error.contains("cannot listen for runners"), "{error}");
    assert!(error.contains("/nonexistent"), "{error}");
    assert!(parent.end().await.success());
}

/// Has no folder for temporary files.
pub(crate) async fn cannot_listen() {
    let error = pool("deaf").start().await.unwrap_err();
    assert!(matches!(error, StartError::Listen(_)), "{error}");
    tell(&format!("cannot start: {error}"));
}

/// Where the parent's runners attach.
fn socket(marks: &Marks, parent: u32) -> PathBuf {
    let own = format!("flame-{parent}-");
    fs::read_dir(marks.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(&own)
        })
        .unwrap()
        .join("attach.sock")
}

/// How long the process has computed so far.
fn cpu_time(pid: u32) -> Duration {
    /// Linux counts in hundredths of a second wherever it runs.
    const TICK: Duration = Duration::from_millis(10);
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    // The state is the third field; user and system time are the fourteenth and the fifteenth.
    let times = after_name.split_whitespace().skip(11).take(2);
    times
        .map(|ticks| TICK * ticks.parse::<u32>().unwrap())
        .sum()
}
