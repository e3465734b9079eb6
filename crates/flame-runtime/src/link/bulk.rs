//! Large byte strings, in chunks, on a connection of their own.
//!
//! The link is the same in both directions: whoever names a segment in a frame pushes its bytes here right
//! away, and the other side collects them under the id it was told. Chunks of different segments take turns,
//! so a giant delays nobody. The format is `proto/flame/runner/v1/bulk.md`.

mod inbox;
mod reader;
mod sender;
mod writer;

use std::sync::Arc;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

pub(crate) use inbox::{Collected, SegmentLost};

/// One side's end of a bulk connection. It takes segments before the connection exists.
#[derive(Debug)]
pub(crate) struct Bulk {
    sender: sender::Sender,
    inbox: inbox::Inbox,
    closed: CancellationToken,
}

impl Bulk {
    /// An end that accepts segments up to `max_segment` bytes.
    pub(crate) fn new(max_segment: u64) -> Arc<Self> {
        Arc::new(Self {
            sender: sender::Sender::default(),
            inbox: inbox::Inbox::new(max_segment),
            closed: CancellationToken::new(),
        })
    }

    /// Queues a segment and returns the id under which the peer finds it.
    pub(crate) fn push(&self, bytes: Bytes) -> u64 {
        self.sender.push(bytes)
    }

    /// The segment that the peer named, when it has arrived whole.
    pub(crate) fn collect(&self, id: u64, size: u64) -> Collected {
        self.inbox.collect(id, size)
    }

    /// Moves segments over `connection` until it breaks or [`close`](Self::close) is called.
    pub(crate) async fn run(&self, connection: impl AsyncRead + AsyncWrite) {
        let (read, write) = tokio::io::split(connection);
        let ended = tokio::select! {
            ended = reader::run(read, &self.inbox) => ended,
            ended = writer::run(write, &self.sender) => ended,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "the bulk connection ended");
        }
        self.close();
    }

    /// Cancelled when no segment goes either way any more.
    pub(crate) fn end(&self) -> CancellationToken {
        self.closed.clone()
    }

    /// Whether no segment goes either way any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }

    /// Resolves when no segment goes either way any more.
    pub(crate) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Fails every segment that has not arrived, and takes no more.
    pub(crate) fn close(&self) {
        // First, so that whoever finds a segment lost finds out why.
        self.closed.cancel();
        self.sender.close();
        self.inbox.close();
    }
}
