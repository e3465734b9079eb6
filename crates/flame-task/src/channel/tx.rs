use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Poll, Waker};

use futures_executor::block_on;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::channel::end::{self, End, Role};
use crate::channel::pipe::Pushed;
use crate::channel::{SendError, SendFailure};
use crate::wire::{self, Wire};

/// The sending end of a [`channel`](crate::channel).
///
/// Dropping it tells the receiver that nothing more comes. It can be shared through an `Arc`, and is not `Clone`: a copy
/// could not travel on its own.
///
/// ```
/// use flame_task::{SendFailure, channel};
///
/// let (tx, mut rx) = channel();
/// tx.blocking_send(String::from("one")).unwrap();
/// assert_eq!(rx.blocking_recv(), Ok(Some(String::from("one"))));
/// drop(rx);
/// let error = tx.try_send(String::from("two")).unwrap_err();
/// assert_eq!((error.value.as_str(), error.failure), ("two", SendFailure::Closed));
/// ```
pub struct Tx<T> {
    end: Arc<End>,
    items: PhantomData<fn(T)>,
}

/// What came of an attempt.
enum Attempt<T> {
    Sent,
    Full(T),
}

impl<T> Tx<T> {
    pub(super) fn new(end: Arc<End>) -> Self {
        Self {
            end,
            items: PhantomData,
        }
    }

    /// Whether nothing more can be sent: the receiving end was dropped or lost, or this one has traveled away.
    pub fn is_closed(&self) -> bool {
        self.end.pipe.is_closed_to_sender()
    }
}

impl<T: Wire> Tx<T> {
    /// Sends a value, when the channel has room for it.
    ///
    /// That a value was sent does not mean that it was received: the other end may be dropped before it is. The
    /// future may be dropped while it waits, and then the value is dropped with it.
    ///
    /// # Errors
    ///
    /// Why it was not sent, together with the value.
    pub async fn send(&self, value: T) -> Result<(), SendError<T>> {
        let mut waiting = Some(value);
        poll_fn(move |cx| {
            let Some(value) = waiting.take() else {
                return Poll::Pending;
            };
            match self.attempt(value, Some(cx.waker()))? {
                Attempt::Sent => Poll::Ready(Ok(())),
                Attempt::Full(value) => {
                    waiting = Some(value);
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// As [`send`](Self::send), for code that may block its thread, as the body of a task that is not `async` may.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    ///
    /// # Panics
    ///
    /// Inside of another `block_on` of the `futures` crates.
    pub fn blocking_send(&self, value: T) -> Result<(), SendError<T>> {
        block_on(self.send(value))
    }

    /// Sends a value if the channel has room for it now.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send), and [`SendFailure::Full`] when it would have to wait.
    pub fn try_send(&self, value: T) -> Result<(), SendError<T>> {
        match self.attempt(value, None)? {
            Attempt::Sent => Ok(()),
            Attempt::Full(value) => Err(SendError {
                value,
                failure: SendFailure::Full,
            }),
        }
    }

    fn attempt(&self, value: T, waker: Option<&Waker>) -> Result<Attempt<T>, SendError<T>> {
        let pipe = &self.end.pipe;
        let (value, limit) = match pipe.push_value(value, waker) {
            Pushed::Done => return Ok(Attempt::Sent),
            Pushed::Full(value) => return Ok(Attempt::Full(value)),
            Pushed::Refused(value, failure) => return Err(SendError { value, failure }),
            Pushed::EncodeFirst { value, limit } => (value, limit),
        };
        // The user's code encodes, on the user's thread, under no lock.
        let payload = match wire::encode(&value) {
            Ok(payload) => payload,
            Err(error) => {
                let message = error.to_string();
                let failure = SendFailure::Encode { message };
                return Err(SendError { value, failure });
            }
        };
        let size = payload.size();
        if size > limit {
            let failure = SendFailure::TooLarge { size, limit };
            return Err(SendError { value, failure });
        }
        match pipe.push_payload(payload, waker) {
            Pushed::Done => Ok(Attempt::Sent),
            // Another sender was faster. What was encoded is dropped, so that the ends in it are here again.
            Pushed::Full(_) | Pushed::EncodeFirst { .. } => Ok(Attempt::Full(value)),
            Pushed::Refused(_, failure) => Err(SendError { value, failure }),
        }
    }
}

impl<T> fmt::Debug for Tx<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx")
            .field("is_closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

impl<T: Wire> Serialize for Tx<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        end::serialize(&self.end, serializer)
    }
}

impl<'de, T: Wire> Deserialize<'de> for Tx<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        end::deserialize(Role::Tx, deserializer).map(Self::new)
    }
}
