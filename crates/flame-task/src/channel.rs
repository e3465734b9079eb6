//! Channels whose ends travel.
//!
//! A channel is a [`Pipe`](pipe::Pipe) in each process that has something to do with it. A side of a pipe is
//! either an [`End`](end::End) in somebody's hands here, or away: fed or emptied by a port of a call, see
//! [`ports`]. Nothing here does input or output, and nothing runs by itself: whoever sends, receives or hears
//! from the link moves what can be moved.

mod end;
mod error;
mod item;
mod pipe;
pub(crate) mod ports;
mod progress;
mod rx;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop at once")]
mod tests;
mod tx;

pub use end::Ends;
pub(crate) use end::{Departing, End, Role};
pub use error::{RecvError, SendError, SendFailure};
pub(crate) use progress::Progress;
#[doc(hidden)]
pub use progress::listen_to_progress;
pub use rx::Rx;
pub use tx::Tx;

use std::sync::Arc;

use crate::wire::{self, Wire};

/// How many bytes of items may be on their way through a port: a receiver lets its sender have as many, and gives
/// back what was taken out. Either side of the wire keeps at most as many, and one item that is larger.
pub const CHANNEL_WINDOW: u64 = 256 * 1024;

/// What an item takes of a window besides its bytes: small items cost memory, too.
pub const CHANNEL_ITEM_COST: u64 = 64;

/// How many items a channel holds as long as both its ends are in one process.
pub const CHANNEL_CAPACITY: usize = 64;

/// Makes a channel, either end of which may travel.
///
/// An end travels when a task takes it along, as an argument of a `#[remote]` function, in a result, or inside of
/// an item of another channel. The channel is bounded and keeps the order of its items. A sender waits while the
/// receiver is [`CHANNEL_WINDOW`] bytes behind, or [`CHANNEL_CAPACITY`] items when both ends are in one process. The runner or parent
/// that goes away with an end closes the channel, and the other end is told so.
///
/// An end belongs to the session of the call that brought it, not to the call: it may outlive the call's body,
/// and then holds no slot.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use flame_task::{channel, task};
///
/// let (numbers, inbox) = channel::<u64>();
/// let (outbox, mut squares) = channel::<u64>();
/// let work = task!(|mut inbox, outbox| async move {
///     while let Ok(Some(n)) = inbox.recv().await {
///         if outbox.send(n * n).await.is_err() {
///             break;
///         }
///     }
/// });
/// // On a pool: `let work = tokio::spawn(pool.call(work));`
/// let work = tokio::spawn(work);
/// numbers.send(3).await?;
/// assert_eq!(squares.recv().await?, Some(9));
/// drop(numbers);
/// assert_eq!(squares.recv().await?, None);
/// work.await?;
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run()).unwrap();
/// ```
pub fn channel<T: Wire>() -> (Tx<T>, Rx<T>) {
    let pipe = pipe::Pipe::here(|value| match value.downcast::<T>() {
        Ok(value) => wire::encode(&*value).map_err(|error| error.to_string()),
        // One channel has one type.
        Err(_) => Err("it is of another type".to_owned()),
    });
    let end = |role| {
        Arc::new(End {
            pipe: pipe.clone(),
            role,
        })
    };
    (Tx::new(end(Role::Tx)), Rx::new(end(Role::Rx)))
}
