use std::fmt;

use flame_task::{RecvError, SendFailure, Tx, Wire};
use serde::{Deserialize, Serialize};

/// The way back to whoever asked, as a part of a message. Dropping it tells them that no reply comes.
#[derive(Serialize, Deserialize)]
#[serde(bound = "T: Wire")]
#[must_use = "whoever asked waits for it"]
pub struct Reply<T>(Tx<T>);

impl<T: Wire> Reply<T> {
    pub(super) fn new(sender: Tx<T>) -> Self {
        Self(sender)
    }

    /// Replies. Whoever asked may have left in the meantime; then nobody hears it. A reply that does not encode or is
    /// too large is logged, and whoever asked hears that none comes.
    pub fn send(self, reply: T) {
        // One value always has room.
        match self.0.try_send(reply).map_err(|error| error.failure) {
            Ok(()) | Err(SendFailure::Closed | SendFailure::Lost) => {}
            Err(failure) => tracing::error!(%failure, "a reply was not sent"),
        }
    }
}

impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply")
    }
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AskError {
    /// It was not asked.
    NotSent(SendFailure),
    /// It was asked, and the child ended or dropped the [`Reply`]. It may have done what it was asked for.
    NoReply,
    /// It was asked, and the answer was lost on its way, or with its runner.
    Lost(RecvError),
}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(failure) => write!(f, "the child was not asked: {failure}"),
            Self::NoReply => f.write_str("the child was asked, and will not reply"),
            Self::Lost(error) => write!(f, "the child was asked, and its reply is lost: {error}"),
        }
    }
}

// The causes are part of the text above.
impl std::error::Error for AskError {}
