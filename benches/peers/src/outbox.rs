use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_util::Stream;

use crate::wire::Frame;

/// The most that is written at once.
const FRAMES: usize = 256;
const BYTES: usize = 64 << 10;

/// Frames that wait for the connection, in order. Whatever has gathered is written at once.
#[derive(Default)]
pub(crate) struct Outbox(Mutex<State>);

#[derive(Default)]
struct State {
    frames: VecDeque<Frame>,
    writer: Option<Waker>,
}

impl Outbox {
    pub(crate) fn push(&self, frame: Frame) {
        let mut state = self.lock();
        state.frames.push_back(frame);
        let writer = state.writer.take();
        drop(state);
        if let Some(writer) = writer {
            writer.wake();
        }
    }

    /// Waits until there are frames.
    pub(crate) fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.frames.is_empty() {
            state.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// What is written next.
    pub(crate) fn take(&self) -> Vec<Frame> {
        let mut state = self.lock();
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < FRAMES && bytes < BYTES {
            let Some(frame) = state.frames.pop_front() else {
                break;
            };
            bytes += frame.payload.len();
            batch.push(frame);
        }
        batch
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of an outbox for a connection that gathers by itself, as HTTP/2 does.
pub(crate) struct Batches(pub(crate) Arc<Outbox>);

impl Stream for Batches {
    type Item = Vec<Frame>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<Frame>>> {
        self.0.poll_ready(cx).map(|()| Some(self.0.take()))
    }
}
