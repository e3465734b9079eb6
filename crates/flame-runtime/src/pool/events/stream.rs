use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt, stream};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::Event;

/// How many events are kept for a subscriber that has not taken them yet.
pub const EVENTS_KEPT: usize = 1024;

/// What happens to a pool's runners, from the subscription on. Made by [`Pool::events`](crate::Pool::events).
///
/// It is a [`Stream`], and has a [`next`](Self::next) of its own for whoever needs no more.
pub struct Events(Pin<Box<dyn Stream<Item = Event> + Send + Sync>>);

impl Events {
    pub(super) fn of(receiver: broadcast::Receiver<Event>) -> Self {
        let events = stream::unfold(receiver, async |mut receiver| {
            let event = match receiver.recv().await {
                Ok(event) => event,
                Err(RecvError::Lagged(count)) => Event::Missed { count },
                Err(RecvError::Closed) => return None,
            };
            Some((event, receiver))
        });
        Self(Box::pin(events.fuse()))
    }

    /// The events of a pool to which nothing happens any more.
    pub(in crate::pool) fn none() -> Self {
        Self(Box::pin(stream::empty()))
    }

    /// Waits for the next event. `None` when the pool has ended.
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Event> {
        self.0.next().await
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
