//! Channels between the two sides.

use flame_core::CallId;

use super::Payload;

/// News for one end of a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct PortFrame {
    /// The call that brought the channel.
    pub call: CallId,
    /// The channel's number in its call.
    pub port: u32,
    /// What is new.
    pub news: PortNews,
}

/// What happens at one end of a channel, told to the other.
#[derive(Clone, Debug, PartialEq)]
pub enum PortNews {
    /// One item, in order.
    Item(Payload),
    /// There is room for more.
    Credit {
        /// How many bytes more than before.
        bytes: u64,
    },
    /// Nothing more, in either direction.
    Close(PortCloseReason),
}

/// Why a channel ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortCloseReason {
    /// The sending half was dropped: the end of the stream.
    Finished,
    /// The receiving half was dropped: nobody wants more.
    Unwanted,
    /// An item could not be encoded or decoded.
    Codec,
    /// The sender of this stands between two processes, and the other one is gone.
    Lost,
}
