//! What is promised of `tend`.

#![expect(
    clippy::missing_panics_doc,
    reason = "a test panics when it fails; that is what these are for"
)]

use std::time::Duration;

use flame_core::backend::Backend;
use tokio::time::timeout;

use super::{MOST_POLLS, create, destroy, poll_and_drop};
use crate::conformance::act::{Act, request};
use crate::conformance::witness::Witness;

/// How long the suite waits until `tend` goes on by itself. It may sleep for most of the time.
const A_WHILE: Duration = Duration::from_millis(100);

/// `tend` may be dropped at any await. It ends no instance that this process has created, and instances can
/// be created and destroyed afterwards.
pub async fn tend_may_be_dropped_at_any_await(backend: &dyn Backend) {
    let witness = Witness::start();
    let before = request(&Act::Linger, witness.address());
    create(backend, &before).await;
    let mut lives = witness.next().await;

    for polls in 0..=MOST_POLLS {
        // Whether it has finished, goes on or waits: it is dropped where it is.
        let _ = timeout(A_WHILE, poll_and_drop(backend.tend(), polls)).await;
    }

    let after = request(&Act::Linger, witness.address());
    create(backend, &after).await;
    let came = witness.next().await;
    assert!(lives.is_open(), "tend has ended an instance that is wanted");
    destroy(backend, &after.name).await;
    destroy(backend, &before.name).await;
    came.closed().await;
    lives.closed().await;
}
