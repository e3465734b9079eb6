use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How many bytes a slow body has in one piece.
const PIECE: usize = 16;

/// How the bytes of an answer are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// At once.
    Whole,
    /// So many of them, and then the connection is dropped.
    Truncated(usize),
    /// In small pieces with a pause before each, without saying how many there will be.
    Slow(Duration),
}

/// The body of an answer, in such a shape.
#[derive(Debug)]
pub(crate) struct Shaped {
    pieces: VecDeque<Bytes>,
    /// What it says that its length is.
    length: Option<u64>,
    breaks_off: bool,
    pause: Option<Duration>,
    pausing: Option<Pin<Box<Sleep>>>,
}

impl Shaped {
    pub(crate) fn new(bytes: &Bytes, shape: Shape) -> Self {
        let length = Some(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let whole = Self {
            pieces: VecDeque::from([bytes.clone()]),
            length,
            breaks_off: false,
            pause: None,
            pausing: None,
        };
        match shape {
            Shape::Whole => whole,
            Shape::Truncated(sent) => Self {
                pieces: VecDeque::from([bytes.slice(..sent.min(bytes.len()))]),
                breaks_off: true,
                ..whole
            },
            Shape::Slow(pause) => Self {
                pieces: bytes.chunks(PIECE).map(Bytes::copy_from_slice).collect(),
                length: None,
                pause: Some(pause),
                ..whole
            },
        }
    }
}

impl Body for Shaped {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.pieces.retain(|piece| !piece.is_empty());
        if self.pieces.is_empty() {
            let broken = io::Error::from(io::ErrorKind::BrokenPipe);
            return Poll::Ready(self.breaks_off.then_some(Err(broken)));
        }
        if let Some(pause) = self.pause {
            let pausing = self.pausing.get_or_insert_with(|| Box::pin(sleep(pause)));
            ready!(pausing.as_mut().poll(context));
            self.pausing = None;
        }
        Poll::Ready(self.pieces.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        !self.breaks_off && self.pieces.iter().all(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
