//! What a runner was told about its parent, in the hands of somebody else.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flame::{BootCause, CallError, Pool};
use flame_testkit::LoopbackBackend;

use super::{ARGUMENTS, loopback};
use crate::log;
use crate::marks::Marks;
use crate::processes::{eventually, other_build};
use crate::scenarios::HANGS;
use crate::tasks::{self, process_id};

/// This very program.
const THIS: &str = "/proc/self/exe";

/// The exit code of a runner that its parent has refused, or that has found somebody else.
const REFUSED: i32 = 77;

/// Where the copy of an app finds what it is told.
const VARIABLE: &str = "FLAME_PARENT";

/// How long it may take to be refused.
const SOON: Duration = Duration::from_secs(5);

/// Starts a copy that was told this, and waits for its end.
async fn ends_with(program: &str, told: &str) -> Option<i32> {
    let mut copy = Command::new(program)
        .args(ARGUMENTS)
        .env(VARIABLE, told)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started_at = Instant::now();
    let mut ended = None;
    eventually("the copy has ended", || {
        ended = copy.try_wait().unwrap();
        ended.is_some()
    })
    .await;
    let took = started_at.elapsed();
    assert!(took < SOON, "it took {took:?}");
    ended.unwrap().code()
}

async fn start(name: &str) -> (Arc<LoopbackBackend>, Pool) {
    let backend = Arc::new(loopback());
    let pool = tasks::pool(name)
        .backend(backend.clone())
        .start()
        .await
        .unwrap();
    (backend, pool)
}

/// The text with one bit turned over in the field that begins with these bytes: its tag and its length.
fn flipped(told: &str, field: [u8; 2]) -> String {
    let mut message = message(told);
    let at = find(&message, field);
    message[at] ^= 1;
    format!("flame1.{}", URL_SAFE_NO_PAD.encode(message))
}

/// The token in the text.
pub(super) fn token_of(told: &str) -> Vec<u8> {
    let message = message(told);
    let at = find(&message, TOKEN);
    message[at..at + 32].to_vec()
}

fn message(told: &str) -> Vec<u8> {
    let encoded = told.strip_prefix("flame1.").unwrap();
    URL_SAFE_NO_PAD.decode(encoded).unwrap()
}

/// Where the field's bytes begin.
fn find(message: &[u8], field: [u8; 2]) -> usize {
    let at = message.windows(2).position(|bytes| bytes == field);
    at.unwrap() + 2
}

/// Field 4, 32 bytes.
const TOKEN: [u8; 2] = [0x22, 32];
/// Field 12, 32 bytes.
const PIN: [u8; 2] = [0x62, 32];

#[tokio::test]
async fn what_a_living_runner_was_told_is_of_no_use_to_anybody_else() {
    log::write();
    let (backend, pool) = start("replayed").await;
    let first = process_id().on(&pool).await.unwrap();
    let environment = std::fs::read(format!("/proc/{first}/environ")).unwrap();
    let environment = String::from_utf8_lossy(&environment);
    let told = environment
        .split('\0')
        .find_map(|setting| setting.strip_prefix("FLAME_PARENT="))
        .unwrap();
    assert_eq!(told, backend.told()[0].expose());
    let boot = pool.snapshot().runners[0].name.clone();
    assert_eq!(log::refusals_of(&boot), 0);

    assert_eq!(ends_with(THIS, told).await, Some(REFUSED));
    eventually("it was told", || log::refusals_of(&boot) == 1).await;
    assert_eq!(ends_with(THIS, &flipped(told, TOKEN)).await, Some(REFUSED));
    eventually("it was told", || log::refusals_of(&boot) == 2).await;
    // With another pin it says nothing to this parent.
    assert_eq!(ends_with(THIS, &flipped(told, PIN)).await, Some(REFUSED));
    assert_eq!(log::refusals_of(&boot), 2);

    assert_eq!(process_id().on(&pool).await.unwrap(), first);
    let counts = pool.snapshot().counts;
    assert_eq!((counts.ready, counts.totals.lost), (1, 0));
    assert_eq!(backend.told().len(), 1, "nothing was booted in its place");
    pool.shutdown().await;
}

#[tokio::test]
async fn what_a_runner_was_told_is_of_no_use_after_its_end() {
    let backend = Arc::new(loopback());
    let pool = tasks::pool("replayed_late")
        .backend(backend.clone())
        .single_use()
        .start()
        .await
        .unwrap();
    let first = process_id().on(&pool).await.unwrap();
    eventually("it is gone", || pool.snapshot().runners.is_empty()).await;
    let told = backend.told()[0].expose().to_owned();
    assert_eq!(ends_with(THIS, &told).await, Some(REFUSED));
    assert_ne!(process_id().on(&pool).await.unwrap(), first);
    pool.shutdown().await;
}

#[tokio::test]
async fn what_a_copy_was_told_is_of_no_use_when_its_boot_has_expired() {
    let marks = Marks::new();
    let backend = Arc::new(loopback().env(HANGS, marks.path("booting")));
    let pool = tasks::pool("replayed_expired")
        .backend(backend.clone())
        .boot_timeout(Duration::from_millis(500))
        .start()
        .await
        .unwrap();
    let waiting = tokio::spawn(process_id().on(&pool));
    eventually("the next one boots", || backend.told().len() > 1).await;
    let told = backend.told()[0].expose().to_owned();
    assert_eq!(ends_with(THIS, &told).await, Some(REFUSED));
    assert_eq!(pool.snapshot().counts.ready, 0);
    waiting.abort();
    pool.shutdown().await;
}

#[tokio::test]
async fn a_copy_of_another_build_is_refused_and_its_boot_fails_with_that() {
    let marks = Marks::new();
    let backend = Arc::new(loopback().env(HANGS, marks.path("booting")));
    let pool = tasks::pool("far_build")
        .backend(backend.clone())
        .start()
        .await
        .unwrap();
    let call = tokio::spawn(process_id().on(&pool));
    marks.seen("booting").await;
    let told = backend.told()[0].expose().to_owned();
    let other = other_build();
    let program = other.path().to_str().unwrap();
    assert_eq!(ends_with(program, &told).await, Some(REFUSED));
    let CallError::BootFailed(failure) = call.await.unwrap().unwrap_err() else {
        panic!("its boot did not fail")
    };
    assert!(
        matches!(failure.cause(), BootCause::BuildMismatch { .. }),
        "{failure}"
    );
    pool.shutdown().await;
}
