use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_util::Stream;

/// The most frames in one batch: one gRPC message.
const BATCH_FRAMES: usize = 256;

/// Frames that wait for the transport, in order.
///
/// Pushing never waits; [`Batches`] hands to the transport whatever has gathered since it was last polled.
/// What is still here when the session ends was never handed over, so none of it can have been acted on.
#[derive(Debug)]
pub(crate) struct Outbox<F> {
    state: Mutex<State<F>>,
}

#[derive(Debug)]
struct State<F> {
    frames: VecDeque<F>,
    reader: Option<Waker>,
    closed: bool,
}

/// The frame came too late: the session has ended.
#[derive(Debug)]
pub(crate) struct Closed;

impl<F> Outbox<F> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                frames: VecDeque::new(),
                reader: None,
                closed: false,
            }),
        })
    }

    /// Adds a frame at the end.
    pub(crate) fn push(&self, frame: F) -> Result<(), Closed> {
        let mut state = self.lock();
        if state.closed {
            return Err(Closed);
        }
        state.frames.push_back(frame);
        let reader = state.reader.take();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        Ok(())
    }

    /// Ends the stream after what is already here has been handed over.
    pub(crate) fn finish(&self) {
        let mut state = self.lock();
        state.closed = true;
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
    }

    /// Ends the stream now and returns what was never handed over.
    pub(crate) fn close(&self) -> Vec<F> {
        let mut state = self.lock();
        state.closed = true;
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
        std::mem::take(&mut state.frames).into()
    }

    fn lock(&self) -> MutexGuard<'_, State<F>> {
        // A panic cannot leave the queue half changed, so a poisoned lock is as good as any.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The transport's end of an [`Outbox`]: a stream of batches of frames.
#[derive(Debug)]
pub(crate) struct Batches<F>(pub(crate) Arc<Outbox<F>>);

impl<F> Stream for Batches<F> {
    type Item = Vec<F>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<F>>> {
        let mut state = self.0.lock();
        if state.frames.is_empty() {
            if state.closed {
                return Poll::Ready(None);
            }
            state.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let count = state.frames.len().min(BATCH_FRAMES);
        Poll::Ready(Some(state.frames.drain(..count).collect()))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};

    use super::*;

    #[test]
    fn frames_that_gathered_leave_in_one_batch_in_order() {
        let outbox = Outbox::new();
        let mut batches = Batches(outbox.clone());
        assert!(batches.next().now_or_never().is_none());
        outbox.push(1).unwrap();
        outbox.push(2).unwrap();
        assert_eq!(batches.next().now_or_never(), Some(Some(vec![1, 2])));
    }

    #[test]
    fn closing_returns_what_was_never_handed_over_and_refuses_the_rest() {
        let outbox = Outbox::new();
        let mut batches = Batches(outbox.clone());
        outbox.push(1).unwrap();
        assert_eq!(batches.next().now_or_never(), Some(Some(vec![1])));
        outbox.push(2).unwrap();
        assert_eq!(outbox.close(), vec![2]);
        assert!(outbox.push(3).is_err());
        assert_eq!(batches.next().now_or_never(), Some(None));
    }

    #[test]
    fn finishing_hands_over_what_is_there_first() {
        let outbox = Outbox::new();
        let mut batches = Batches(outbox.clone());
        outbox.push(1).unwrap();
        outbox.finish();
        assert_eq!(batches.next().now_or_never(), Some(Some(vec![1])));
        assert_eq!(batches.next().now_or_never(), Some(None));
    }
}
