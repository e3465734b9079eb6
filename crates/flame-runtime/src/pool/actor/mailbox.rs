use std::fmt;
use std::sync::Arc;

use flame_task::{SendError, Tx, Wire, channel};
use serde::{Deserialize, Serialize};

use super::reply::{AskError, Reply};

/// Where the messages for a child go. Clones are the same mailbox.
///
/// It keeps no child alive: when the child has ended, messages come back as errors.
pub struct Mailbox<M>(Arc<Tx<Mail<M>>>);

/// What stands in a mailbox.
#[derive(Serialize, Deserialize)]
pub(super) enum Mail<M> {
    Message(M),
    Stop,
}

impl<M: Wire> Mailbox<M> {
    pub(super) fn new(sender: Tx<Mail<M>>) -> Self {
        Self(Arc::new(sender))
    }

    /// Puts a message into the mailbox, when there is room: the child is at most a
    /// [`CHANNEL_WINDOW`](flame_task::CHANNEL_WINDOW) of bytes behind. Messages of one sender keep their order.
    ///
    /// That it was sent does not mean that the child will see it, which may end before.
    ///
    /// # Errors
    ///
    /// Why it was not sent, together with the message: the child has ended, or the message does not encode.
    pub async fn send(&self, message: M) -> Result<(), SendError<M>> {
        let sent = self.0.send(Mail::Message(message)).await;
        sent.map_err(|SendError { value, failure }| match value {
            Mail::Message(value) => SendError { value, failure },
            Mail::Stop => unreachable!("what comes back is what was sent"),
        })
    }

    /// Sends the message that `ask` makes, and waits for the reply to it.
    ///
    /// Dropping the future takes nothing back: the child sees the message, and its reply finds nobody.
    ///
    /// # Errors
    ///
    /// The message was not sent, or no reply came: the child has ended, or has dropped the [`Reply`].
    pub async fn ask<T: Wire>(&self, ask: impl FnOnce(Reply<T>) -> M) -> Result<T, AskError> {
        let (reply, mut answer) = channel();
        let sent = self.send(ask(Reply::new(reply))).await;
        sent.map_err(|error| AskError::NotSent(error.failure))?;
        match answer.recv().await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(AskError::NoReply),
            Err(error) => Err(AskError::Lost(error)),
        }
    }

    /// Whether the child can be told nothing any more.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    /// Asks the child to end, after what it was told before. A child that has ended needs not be asked.
    pub(super) async fn stop(&self) {
        let _ = self.0.send(Mail::Stop).await;
    }
}

impl<M> Clone for Mailbox<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M> fmt::Debug for Mailbox<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailbox")
            .field("is_closed", &self.0.is_closed())
            .finish_non_exhaustive()
    }
}
