//! Where runners call back to.
//!
//! A process has one pair of sockets for all its pools. A runner's first frame is its hello; whoever cannot
//! prove to be the copy that a boot is waiting for hears one and the same refusal. After that the session
//! belongs to the pool that wanted the boot.

mod accept;
mod boots;
mod handshake;
mod service;
mod session;
mod sockets;

pub(crate) use boots::{Boots, Token};
pub(crate) use handshake::attach;
pub(crate) use service::{CONNECTION_WINDOW, STREAM_WINDOW};
pub(crate) use session::{Session, SessionEnd, SessionSettings};
pub(crate) use sockets::Sockets;
