//! What the tests call.

use std::process::Command;
use std::time::Duration;

use flame::{Ctx, Pool, PoolBuilder, Provided};
use serde::{Deserialize, Serialize};

use crate::marks;

/// Provided by the test runner.
#[derive(Clone, Debug)]
pub(crate) struct Greeting(pub(crate) String);

/// Provided by nobody.
#[derive(Clone, Debug)]
pub(crate) struct Nowhere;

/// A type of a user's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Video {
    pub(crate) id: u32,
    pub(crate) title: Option<String>,
}

/// An error of a user's own.
#[derive(Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum VideoError {
    #[error("video {id} is broken")]
    Broken { id: u32 },
}

/// Greets with what the runner's start-up provided.
#[flame::remote]
pub(crate) async fn greet(name: &str, Provided(greeting): Provided<Greeting>) -> String {
    format!("{} {name}", greeting.0)
}

/// Blocks a thread, as CPU-bound work does.
#[flame::remote]
pub(crate) fn largest(numbers: &[u64]) -> Option<u64> {
    numbers.iter().copied().max()
}

/// Is generic.
#[flame::remote]
pub(crate) async fn twice<T: flame::Wire + Clone>(value: T) -> (T, T) {
    (value.clone(), value)
}

/// Fails with its own error.
#[flame::remote]
pub(crate) async fn check(video: Video) -> Result<Video, VideoError> {
    if video.title.is_none() {
        Err(VideoError::Broken { id: video.id })
    } else {
        Ok(video)
    }
}

/// Wants what nobody provides.
#[flame::remote]
pub(crate) async fn lost(nowhere: Provided<Nowhere>) -> String {
    format!("{:?}", *nowhere)
}

/// Panics.
#[flame::remote]
pub(crate) async fn panics(message: String) {
    panic!("{message}");
}

/// Ends the runner's process with this code.
#[flame::remote]
pub(crate) fn exits(code: i32) {
    std::process::exit(code);
}

/// Runs until it is cancelled.
#[flame::remote]
pub(crate) async fn waits(cx: Ctx) {
    cx.cancelled().await;
}

/// Leaves a mark, and runs until it is cancelled.
#[flame::remote]
pub(crate) async fn stays(mark: String, cx: Ctx) {
    marks::leave(&mark);
    cx.cancelled().await;
}

/// Leaves a mark, ends when there is the other one, and does not stop before.
#[flame::remote]
pub(crate) fn holds(mark: String, until: String) -> u32 {
    marks::leave(&mark);
    marks::block_until_left(&until);
    std::process::id()
}

/// Ends when as many as this have met, each with a mark of its own in one folder.
#[flame::remote]
pub(crate) fn meets(mark: String, how_many: usize) -> u32 {
    marks::meet(&mark, how_many);
    std::process::id()
}

/// Starts a process that nobody waits for, and tells its id.
#[flame::remote]
pub(crate) async fn leaves_a_process() -> u32 {
    Command::new("sleep").arg("1000").spawn().unwrap().id()
}

/// The process that it runs in.
#[flame::remote]
pub(crate) async fn process_id() -> u32 {
    std::process::id()
}

/// A pool that a test can afford.
pub(crate) fn pool(name: &str) -> PoolBuilder {
    Pool::builder(name)
        .max(1)
        .idle_shutdown_after(Duration::from_secs(60))
        .timeout(Duration::from_secs(60))
}
