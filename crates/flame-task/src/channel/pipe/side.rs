use crate::channel::ports::{Closed, Port};

/// Where one side of a pipe is.
pub(super) enum Side {
    /// In somebody's hands in this process.
    Here,
    /// In an encoded value in this process.
    Leaving,
    /// Beyond this port.
    Away(Port),
    /// It has ended, or is lost.
    Gone(Closed),
}

/// Whether a sender may send.
pub(super) enum Room {
    None,
    ForValues,
    ForPayloads {
        /// The largest.
        limit: u64,
    },
}
