use std::fmt;

use crate::channel::ports::Closed;

/// Why a value was not sent, and the value.
///
/// Nothing of the value has left: the ends of channels in it are as they were.
#[derive(Clone, PartialEq, Eq)]
pub struct SendError<T> {
    /// What should have been sent.
    pub value: T,
    /// Why it was not.
    pub failure: SendFailure,
}

/// Why a value was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendFailure {
    /// The channel holds as much as it may. Only [`Tx::try_send`](crate::Tx::try_send) says so.
    #[error("the channel is full")]
    Full,
    /// The receiving end was dropped.
    #[error("the receiving end of the channel was dropped")]
    Closed,
    /// The runner or the parent that had the receiving end is gone, or its call was never started.
    #[error("the process with the receiving end of the channel is gone")]
    Lost,
    /// The value does not encode. The channel goes on.
    #[error("the item does not encode: {message}")]
    Encode {
        /// The encoder's words.
        message: String,
    },
    /// An earlier item could not be encoded or decoded, which closed the channel.
    #[error("an earlier item of the channel could not be encoded or decoded")]
    Codec,
    /// The value is larger than one may be.
    #[error("the item has {size} bytes, which is more than the limit of {limit}")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes, `max_payload`.
        limit: u64,
    },
    /// This end of the channel has traveled away.
    #[error("this end of the channel has been sent to another process")]
    Moved,
}

/// Why nothing more is received, although the sender has not finished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecvError {
    /// The runner or the parent that had the sending end is gone, or its call was never started.
    #[error("the process with the sending end of the channel is gone")]
    Lost,
    /// An item could not be encoded or decoded, which closed the channel.
    #[error("an item of the channel cannot be encoded or decoded: {message}")]
    Codec {
        /// What is known of the reason.
        message: String,
    },
    /// This end of the channel has traveled away.
    #[error("this end of the channel has been sent to another process")]
    Moved,
}

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError")
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl<T> std::error::Error for SendError<T> {}

impl SendFailure {
    /// What a sender is told when the receiving side closed like this.
    pub(super) fn after(closed: Closed) -> Self {
        match closed {
            Closed::Finished | Closed::Unwanted => Self::Closed,
            Closed::Codec => Self::Codec,
            Closed::Lost => Self::Lost,
        }
    }
}

impl RecvError {
    /// What a receiver is told when the sending side closed like this.
    pub(super) fn after(closed: Closed) -> Result<(), Self> {
        match closed {
            Closed::Finished | Closed::Unwanted => Ok(()),
            Closed::Codec => Err(Self::Codec {
                message: "the other side says so".to_owned(),
            }),
            Closed::Lost => Err(Self::Lost),
        }
    }
}
