use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use thiserror::Error;
use tokio::sync::oneshot;

/// Segments on their way in.
///
/// A segment's bytes and the frame that names it come over different connections, so either may be first.
#[derive(Debug)]
pub(super) struct Inbox {
    max_segment: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    arriving: HashMap<u64, Arriving>,
    closed: bool,
}

#[derive(Debug, Default)]
struct Arriving {
    buffer: BytesMut,
    wanted: Option<Wanted>,
}

#[derive(Debug)]
struct Wanted {
    size: u64,
    deliver: oneshot::Sender<Bytes>,
}

/// A segment that has been named; resolves when it has arrived whole.
#[derive(Debug)]
pub(crate) struct Collected(oneshot::Receiver<Bytes>);

/// The segment will never arrive: the connection ended or the peer gave it up.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a part of the payload was lost with the connection")]
pub(crate) struct SegmentLost;

/// The peer sent more than it may.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("segment {id} is longer than announced or allowed")]
pub(super) struct TooLong {
    id: u64,
}

impl Future for Collected {
    type Output = Result<Bytes, SegmentLost>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0)
            .poll(cx)
            .map(|arrived| arrived.map_err(|_| SegmentLost))
    }
}

impl Inbox {
    pub(super) fn new(max_segment: u64) -> Self {
        Self {
            max_segment,
            state: Mutex::default(),
        }
    }

    pub(super) fn collect(&self, id: u64, size: u64) -> Collected {
        let (deliver, collected) = oneshot::channel();
        let mut state = self.lock();
        if !state.closed && size <= self.max_segment {
            let arriving = state.arriving.entry(id).or_default();
            arriving.wanted = Some(Wanted { size, deliver });
            state.deliver_if_whole(id);
        }
        Collected(collected)
    }

    /// Lends the segment's buffer for reading `len` more bytes into it.
    pub(super) fn take_buffer(&self, id: u64, len: usize) -> Result<BytesMut, TooLong> {
        let mut state = self.lock();
        let arriving = state.arriving.entry(id).or_default();
        let limit = arriving
            .wanted
            .as_ref()
            .map_or(self.max_segment, |wanted| wanted.size);
        if (arriving.buffer.len() + len) as u64 > limit {
            return Err(TooLong { id });
        }
        let mut buffer = std::mem::take(&mut arriving.buffer);
        // The announced size was checked against the limit; reserving it at once avoids growing in steps.
        let whole = arriving
            .wanted
            .as_ref()
            .map_or(0, |wanted| wanted.size as usize);
        buffer.reserve(len.max(whole.saturating_sub(buffer.len())));
        Ok(buffer)
    }

    pub(super) fn put_buffer(&self, id: u64, buffer: BytesMut) -> Result<(), TooLong> {
        let mut state = self.lock();
        // The segment may have been reset or the link closed while the buffer was lent.
        if let Some(arriving) = state.arriving.get_mut(&id) {
            arriving.buffer = buffer;
            if arriving
                .wanted
                .as_ref()
                .is_some_and(|wanted| arriving.buffer.len() as u64 > wanted.size)
            {
                return Err(TooLong { id });
            }
            state.deliver_if_whole(id);
        }
        Ok(())
    }

    pub(super) fn reset(&self, id: u64) {
        self.lock().arriving.remove(&id);
    }

    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.arriving.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn deliver_if_whole(&mut self, id: u64) {
        let whole = self.arriving.get(&id).is_some_and(|arriving| {
            arriving
                .wanted
                .as_ref()
                .is_some_and(|wanted| arriving.buffer.len() as u64 == wanted.size)
        });
        if whole
            && let Some(Arriving {
                buffer,
                wanted: Some(wanted),
            }) = self.arriving.remove(&id)
        {
            // Whoever wanted it may have left; then it is dropped here.
            let _ = wanted.deliver.send(buffer.freeze());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrive(inbox: &Inbox, id: u64, bytes: &[u8]) -> Result<(), TooLong> {
        let mut buffer = inbox.take_buffer(id, bytes.len())?;
        buffer.extend_from_slice(bytes);
        inbox.put_buffer(id, buffer)
    }

    #[tokio::test]
    async fn bytes_may_come_before_the_frame_that_names_them() {
        let inbox = Inbox::new(100);
        arrive(&inbox, 1, b"ear").unwrap();
        arrive(&inbox, 1, b"ly").unwrap();
        assert_eq!(inbox.collect(1, 5).await.unwrap(), "early");
    }

    #[tokio::test]
    async fn bytes_may_come_after_the_frame_that_names_them() {
        let inbox = Inbox::new(100);
        let collected = inbox.collect(1, 4);
        arrive(&inbox, 1, b"late").unwrap();
        assert_eq!(collected.await.unwrap(), "late");
    }

    #[test]
    fn more_bytes_than_announced_or_allowed_are_an_error() {
        let inbox = Inbox::new(8);
        let _collected = inbox.collect(1, 2);
        assert_eq!(arrive(&inbox, 1, b"abc"), Err(TooLong { id: 1 }));
        assert_eq!(arrive(&inbox, 2, b"123456789"), Err(TooLong { id: 2 }));
    }

    #[tokio::test]
    async fn a_closed_link_fails_what_has_not_arrived() {
        let inbox = Inbox::new(8);
        let collected = inbox.collect(1, 2);
        inbox.close();
        assert_eq!(collected.await, Err(SegmentLost));
        assert_eq!(inbox.collect(2, 2).await, Err(SegmentLost));
    }
}
