//! The promises. Each panics if the backend does not keep it.

mod creating;
mod ending;
mod telling;
mod tending;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use flame_core::InstanceName;
use flame_core::backend::{Backend, BootRequest, ExitReport, Instance};

use super::act::{Act, request};
use super::within_patience;
use super::witness::Witness;

pub use creating::*;
pub use ending::*;
pub use telling::*;
pub use tending::*;

/// How often a future is polled before it is dropped, at most. What it does between two awaits
/// cannot be interrupted, so this covers the first awaits of any backend.
const MOST_POLLS: usize = 8;

async fn create(backend: &dyn Backend, request: &BootRequest) -> Instance {
    within_patience("create", backend.create(request))
        .await
        .expect("create failed")
}

async fn destroy(backend: &dyn Backend, name: &InstanceName) {
    within_patience("destroy", backend.destroy(name))
        .await
        .expect("destroy failed");
}

async fn ended(backend: &dyn Backend, name: &InstanceName) -> ExitReport {
    within_patience("the instance has ended", backend.ended(name)).await
}

/// Nobody lives of those who were to connect to this witness and have been destroyed.
async fn nothing_is_left(backend: &dyn Backend, witness: &Witness) {
    // The boot of one more instance is time enough for one that was left over to be seen.
    let last = request(&Act::Linger, witness.address());
    create(backend, &last).await;
    let seen = witness.next().await;
    destroy(backend, &last.name).await;

    seen.closed().await;
    for other in witness.others() {
        other.closed().await;
    }
}

/// Polls a future this often, whenever it asks for it, and drops it. Returns its output if it had finished.
async fn poll_and_drop<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            // The last poll is followed by the drop, not by a wait.
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
