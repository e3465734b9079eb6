//! A runner that says anything, over the real socket.

mod impostor;
mod stage;

use std::sync::LazyLock;
use std::time::Duration;

use flame_runtime::Pool;
use flame_task::task;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use impostor::Impostor;
pub(crate) use stage::Stage;

/// How long anything may take. It bounds a failure, not a success.
const PATIENCE: Duration = Duration::from_secs(20);

/// A runner attaches as an honest one does, is given a call, and then says the bytes, in batches of which each
/// is preceded by its length. Whatever they are: the caller has one answer, and the pool ends in order.
///
/// Each has a pool of its own: one whose runners are lost again and again pauses before it boots another.
pub(crate) fn run(bytes: &[u8]) {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(runtime);
    let played = RUNTIME.block_on(async { timeout(PATIENCE, play(bytes)).await });
    assert!(played.is_ok(), "somebody waits for ever");
}

/// `main` is libFuzzer's, which leaves SIGPIPE as it is; Rust's ignores it. Without that, the first runner that leaves
/// while it is spoken to would end this process.
fn runtime() -> Runtime {
    let runtime = Runtime::new().unwrap();
    // What listens for a signal once takes it from then on.
    let _taken = runtime.block_on(async { signal(SignalKind::pipe()).unwrap() });
    runtime
}

async fn play(bytes: &[u8]) {
    let (stage, mut roles) = Stage::new();
    let pool = Pool::builder("theater").max(1).backend(stage).start();
    let pool = pool.await.unwrap();
    let number = 41_u32;
    let call = pool.call(task!(|number| async move { number + 1 }));
    let call = tokio::spawn(call.into_future());
    let mut impostor = Impostor::attach(&roles.next().await).await;
    impostor.hear_a_call().await;
    for batch in batches(bytes) {
        impostor.say(batch);
    }
    roles.end();
    impostor.leave().await;
    // An impostor may answer, even rightly; or it may send the call back, and nobody is there to take it. Else
    // the call ends with the session.
    pool.shutdown().await;
    match call.await.unwrap() {
        Ok(_) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let counts = pool.snapshot().counts;
    assert_eq!((counts.queued, counts.running), (0, 0), "{counts:?}");
}

fn batches(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (&length, rest) = bytes.split_first()?;
        let (batch, rest) = rest.split_at(usize::from(length).min(rest.len()));
        bytes = rest;
        Some(batch)
    })
}
