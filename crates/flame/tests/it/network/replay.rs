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

/// A copy that is told this is refused, and the log says for what reasons that has happened to the boot so far.
async fn is_refused_and_told(told: &str, boot: &str, reasons: &[&str]) {
    assert_eq!(ends_with(THIS, told).await, Some(REFUSED));
    let so_far = || log::refusals_of(boot);
    eventually("it was told", || so_far().len() >= reasons.len()).await;
    assert_eq!(so_far(), reasons);
}

/// The name of the boot in the text: field 3, which comes before the token.
fn boot_of(told: &str) -> String {
    let message = message(told);
    let end = find(&message, TOKEN) - 2;
    let is_tag = |at: &usize| message[*at] == 0x1a && at + 2 + usize::from(message[at + 1]) == end;
    let at = (0..end).rev().find(is_tag).unwrap();
    String::from_utf8(message[at + 2..end].to_vec()).unwrap()
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
    assert!(log::refusals_of(&boot).is_empty());

    is_refused_and_told(told, &boot, &["used"]).await;
    is_refused_and_told(&flipped(told, TOKEN), &boot, &["used", "wrong_token"]).await;
    // With another pin it says nothing to this parent, which notices that somebody has hung up.
    let hung_up = log::strangers("tls");
    is_refused_and_told(&flipped(told, PIN), &boot, &["used", "wrong_token"]).await;
    eventually("it was told", || log::strangers("tls") > hung_up).await;

    assert_eq!(process_id().on(&pool).await.unwrap(), first);
    let counts = pool.snapshot().counts;
    assert_eq!((counts.ready, counts.totals.lost), (1, 0));
    assert_eq!(backend.told().len(), 1, "nothing was booted in its place");
    pool.shutdown().await;
}

#[tokio::test]
async fn what_a_runner_was_told_is_of_no_use_after_its_end() {
    log::write();
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
    is_refused_and_told(&told, &boot_of(&told), &["used"]).await;
    assert_ne!(process_id().on(&pool).await.unwrap(), first);
    pool.shutdown().await;
}

#[tokio::test]
async fn what_a_copy_was_told_is_of_no_use_when_its_boot_has_expired() {
    log::write();
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
    is_refused_and_told(&told, &boot_of(&told), &["expired"]).await;
    assert_eq!(pool.snapshot().counts.ready, 0);
    waiting.abort();
    pool.shutdown().await;
}

#[tokio::test]
async fn a_copy_of_another_build_is_refused_and_its_boot_fails_with_that() {
    log::write();
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
    assert_eq!(log::refusals_of(&boot_of(&told)), ["build"]);
    // What it was told is spent by that.
    is_refused_and_told(&told, &boot_of(&told), &["build", "used"]).await;
    let CallError::BootFailed(failure) = call.await.unwrap().unwrap_err() else {
        panic!("its boot did not fail")
    };
    assert!(
        matches!(failure.cause(), BootCause::BuildMismatch { .. }),
        "{failure}"
    );
    pool.shutdown().await;
}
