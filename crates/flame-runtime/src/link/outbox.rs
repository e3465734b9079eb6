use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use flame_proto::weight::{BATCH_WEIGHT, Weigh};
use futures_util::Stream;

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

impl<F: Weigh> State<F> {
    /// At least one frame, and no more once they weigh enough for one message.
    fn take_batch(&mut self) -> Vec<F> {
        let mut weight = 0;
        let enough = self.frames.iter().position(|frame| {
            weight += frame.weight();
            weight >= BATCH_WEIGHT
        });
        let count = enough.map_or(self.frames.len(), |last| last + 1);
        self.frames.drain(..count).collect()
    }
}

/// The frame came too late: the session has ended.
#[derive(Debug)]
pub(crate) struct Closed;

/// As many frames as may be are waiting.
#[cfg(feature = "layer")]
#[derive(Debug)]
pub(crate) struct Full;

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
        if let Some(reader) = self.put(frame)? {
            reader.wake();
        }
        Ok(())
    }

    /// Adds a frame at the end. Whoever is given has to be woken, as soon as nobody has to wait for that.
    pub(crate) fn put(&self, frame: F) -> Result<Option<Waker>, Closed> {
        let mut state = self.lock();
        if state.closed {
            return Err(Closed);
        }
        state.frames.push_back(frame);
        Ok(state.reader.take())
    }

    /// Adds a frame at the end if fewer than so many are waiting: for what may be lost.
    #[cfg(feature = "layer")]
    pub(crate) fn push_if_fewer(&self, frame: F, than: usize) -> Result<(), Full> {
        if self.lock().frames.len() >= than {
            return Err(Full);
        }
        // Nobody wants to know that it came too late.
        let _ = self.push(frame);
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

/// The one who speaks: when it is gone, what it said is handed over and the stream ends.
#[derive(Debug)]
pub(crate) struct Speaker<F>(Arc<Outbox<F>>);

impl<F> Speaker<F> {
    pub(crate) fn new() -> Self {
        Self(Outbox::new())
    }

    pub(crate) fn outbox(&self) -> &Arc<Outbox<F>> {
        &self.0
    }
}

impl<F> Drop for Speaker<F> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

/// The transport's end of an [`Outbox`]: a stream of batches of frames.
#[derive(Debug)]
pub(crate) struct Batches<F>(pub(crate) Arc<Outbox<F>>);

impl<F: Weigh> Stream for Batches<F> {
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
        Poll::Ready(Some(state.take_batch()))
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    /// A frame that weighs what it says.
    #[derive(Debug, PartialEq)]
    struct Frame(usize);

    impl Weigh for Frame {
        fn weight(&self) -> usize {
            self.0
        }
    }

    fn outbox(frames: &[usize]) -> Arc<Outbox<Frame>> {
        let outbox = Outbox::new();
        for weight in frames {
            outbox.push(Frame(*weight)).unwrap();
        }
        outbox
    }

    /// The weights of the next batch, if there is one at once; `None` at the end.
    fn next(outbox: &Arc<Outbox<Frame>>) -> Poll<Option<Vec<usize>>> {
        let mut batches = Batches(outbox.clone());
        let batch = Pin::new(&mut batches).poll_next(&mut Context::from_waker(Waker::noop()));
        batch.map(|batch| batch.map(|frames| frames.into_iter().map(|frame| frame.0).collect()))
    }

    #[test]
    fn frames_that_gathered_leave_in_one_batch_in_order() {
        let outbox = outbox(&[]);
        assert_eq!(next(&outbox), Poll::Pending);
        outbox.push(Frame(1)).unwrap();
        outbox.push(Frame(2)).unwrap();
        assert_eq!(next(&outbox), Poll::Ready(Some(vec![1, 2])));
    }

    #[test]
    fn a_batch_is_full_when_its_frames_weigh_enough() {
        let heavy = BATCH_WEIGHT / 2;
        let outbox = outbox(&[heavy, 1, heavy, 2]);
        assert_eq!(next(&outbox), Poll::Ready(Some(vec![heavy, 1, heavy])));
        assert_eq!(next(&outbox), Poll::Ready(Some(vec![2])));
    }

    #[test]
    fn closing_returns_what_was_never_handed_over_and_refuses_the_rest() {
        let outbox = outbox(&[1]);
        assert_eq!(next(&outbox), Poll::Ready(Some(vec![1])));
        outbox.push(Frame(2)).unwrap();
        assert_eq!(outbox.close(), [Frame(2)]);
        assert!(outbox.push(Frame(3)).is_err());
        assert_eq!(next(&outbox), Poll::Ready(None));
    }

    #[test]
    fn finishing_hands_over_what_is_there_first() {
        let outbox = outbox(&[1]);
        outbox.finish();
        assert_eq!(next(&outbox), Poll::Ready(Some(vec![1])));
        assert_eq!(next(&outbox), Poll::Ready(None));
    }
}
