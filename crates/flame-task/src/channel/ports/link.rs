use std::fmt;

use crate::wire::Payload;

/// How a channel ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The sending end was dropped.
    Finished,
    /// The receiving end was dropped.
    Unwanted,
    /// An item could not be encoded or decoded.
    Codec,
    /// The process with the other end is gone.
    Lost,
}

/// Which side of a call numbers an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// With even numbers.
    Parent,
    /// With odd ones.
    Runner,
}

/// What one side of a port tells the other.
#[derive(Debug)]
pub enum News {
    /// One item, in order.
    Item(Payload),
    /// There is room for so many bytes more.
    Credit(u64),
    /// Nothing more from this side.
    Close(Closed),
}

/// Takes news to the other side, in order, without waiting.
pub trait PortLink: Send + Sync + fmt::Debug {
    /// Sends news of a port. Those that come after the end of the session are dropped.
    fn send(&self, port: u32, news: News);

    /// The largest item, in bytes.
    fn max_payload(&self) -> u64;

    /// The call has ended, and so have all of its ports.
    fn done(&self);
}
