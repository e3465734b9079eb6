//! The two halves of a session's transport: small frames, and large byte strings beside them.

pub(crate) mod bulk;
mod cable;
mod cables;
mod channels;
mod error;
pub(crate) mod http2;
mod inbound;
mod line;
mod net;
mod outbox;
mod payload;
mod socket;
mod tcp;
pub(crate) mod tls;

pub(crate) use bulk::{Bulk, SegmentLost};
pub(crate) use cable::Cable;
pub(crate) use cables::{Cables, Listening};
pub(crate) use channels::{Channels, OpenChannels};
pub(crate) use error::LinkError;
pub(crate) use inbound::{Heard, Inbound};
pub(crate) use line::Line;
pub use net::{Connection, Listener, Net};
pub(crate) use outbox::{Batches, Closed, Outbox, Speaker};
pub(crate) use payload::{Coming, Receiving, TooLarge, receive, send};
pub(crate) use socket::Socket;
pub(crate) use tcp::Tcp;
