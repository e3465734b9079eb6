use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_executor::block_on;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::channel::RecvError;
use crate::channel::end::{self, End, Role};
use crate::channel::pipe::Popped;
use crate::wire::{self, Wire};

/// The receiving end of a [`channel`](crate::channel).
///
/// Dropping it tells the sender that nobody wants more. It is a [`Stream`], too.
///
/// ```
/// use flame_task::channel;
///
/// let (tx, mut rx) = channel();
/// std::thread::spawn(move || (1..=3).try_for_each(|n| tx.blocking_send(n)));
/// let mut sum = 0;
/// while let Some(n) = rx.blocking_recv()? {
///     sum += n;
/// }
/// assert_eq!(sum, 6);
/// # Ok::<(), flame_task::RecvError>(())
/// ```
pub struct Rx<T> {
    end: Arc<End>,
    /// How it ended, if not well.
    failed: Option<RecvError>,
    items: PhantomData<fn() -> T>,
}

impl<T> Rx<T> {
    pub(super) fn new(end: Arc<End>) -> Self {
        Self {
            end,
            failed: None,
            items: PhantomData,
        }
    }
}

impl<T: Wire> Rx<T> {
    /// Waits for the next item; `None` when the sender has finished and all was received. Cancel safe.
    ///
    /// # Errors
    ///
    /// Why nothing more comes, when the sender has not finished. What had arrived before is received before. The error
    /// stays.
    pub async fn recv(&mut self) -> Result<Option<T>, RecvError> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// As [`recv`](Self::recv), for code that may block its thread, as the body of a task that is not `async` may.
    ///
    /// # Errors
    ///
    /// As for [`recv`](Self::recv).
    ///
    /// # Panics
    ///
    /// Inside of another `block_on` of the `futures` crates.
    pub fn blocking_recv(&mut self) -> Result<Option<T>, RecvError> {
        block_on(self.recv())
    }

    /// As [`recv`](Self::recv), for code that polls.
    ///
    /// # Errors
    ///
    /// As for [`recv`](Self::recv).
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<T>, RecvError>> {
        if let Some(error) = &self.failed {
            return Poll::Ready(Err(error.clone()));
        }
        let received = match ready!(self.end.pipe.poll_pop(cx)) {
            Popped::Value(value) => match value.downcast::<T>() {
                Ok(value) => Ok(Some(*value)),
                // One channel has one type.
                Err(_) => self.undecodable("it is of another type".to_owned()),
            },
            // The user's code decodes, on the user's thread, under no lock.
            Popped::Payload(payload) => match wire::decode(payload) {
                Ok(value) => Ok(Some(value)),
                Err(error) => self.undecodable(error.to_string()),
            },
            Popped::Broken(message) => self.undecodable(message),
            Popped::End(Ok(())) => Ok(None),
            Popped::End(Err(error)) => Err(error),
        };
        if let Err(error) = &received {
            self.failed = Some(error.clone());
        }
        Poll::Ready(received)
    }

    fn undecodable(&self, message: String) -> Result<Option<T>, RecvError> {
        self.end.pipe.receiver_failed();
        Err(RecvError::Codec { message })
    }
}

/// Ends after the first error.
impl<T: Wire> Stream for Rx<T> {
    type Item = Result<T, RecvError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.failed.is_some() {
            return Poll::Ready(None);
        }
        self.poll_recv(cx).map(Result::transpose)
    }
}

impl<T> fmt::Debug for Rx<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rx")
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

impl<T: Wire> Serialize for Rx<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        end::serialize(&self.end, serializer)
    }
}

impl<'de, T: Wire> Deserialize<'de> for Rx<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        end::deserialize(Role::Rx, deserializer).map(Self::new)
    }
}
