//! Where runners call back to.
//!
//! A process has one pair of sockets for all its pools on this host, and a port for those on others. A runner's first frame is its hello; whoever cannot
//! prove to be the copy that a boot is waiting for hears one and the same refusal. After that the session
//! belongs to the pool that wanted the boot.

mod accept;
mod admission;
mod boots;
mod bulk;
mod crowd;
mod entrance;
mod handshake;
mod network;
mod peer;
mod secrets;
mod service;
mod session;
mod sockets;
mod spent;
mod turned_away;

pub(crate) use boots::{Boots, Token};
pub(crate) use entrance::Entrance;
pub(crate) use handshake::attach;
pub(crate) use secrets::give as give_secrets;
pub(crate) use session::{Session, SessionEnd, SessionSettings};
