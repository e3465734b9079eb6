//! What a flame task is, and how it travels.
//!
//! A [`Task`] is a future that has not started yet and can still be moved to another process. Awaited,
//! it runs here; given to a pool, it runs there. It is made by [`task!`], by [`call!`], or by a
//! function under `#[flame::remote]`.
//!
//! Three things make that possible, and this crate is their home:
//!
//! * [`registry`]: every task that this binary can run enters a table while the binary is linked.
//!   What comes off the network is only ever *looked up* there; no number becomes a pointer.
//! * [`Wire`] and [`Payload`]: arguments and results are encoded in a self-describing format that
//!   keeps every serde type intact, with large byte strings ([`Blob`]) beside the message.
//! * [`build_id()`]: whether two processes are copies of the same build.
//!
//! Nothing here does input or output, apart from reading the head of the running executable for its
//! build id. Everything but the names that the facade re-exports moves with the runtime.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod build_id;
mod channel;
mod codec;
mod ctx;
mod macros;
mod output;
mod panics;
mod provided;
pub mod registry;
mod resident;
mod secret;
mod task;
mod wire;

pub use build_id::build_id;
pub use channel::ports::{Closed, Leaving, News, Origin, OverCredit, PortLink, Ports};
pub use channel::{
    CHANNEL_CAPACITY, CHANNEL_ITEM_COST, CHANNEL_WINDOW, Ends, RecvError, Rx, SendError,
    SendFailure, Tx, channel, listen_to_progress,
};
pub use ctx::{Accepted, Ctx, CtxParts, Key, Signals};
pub use panics::{PanicReport, install_panic_hook};
pub use provided::{Provided, provide};
pub use registry::{Body, BoxFuture, Entry, Fault, Kind, StartError};
pub use resident::{
    Leavings, RemoteValue, RemoteValues, Resident, ResidentLoss, Shelf, Value, with_arrived,
};
pub use secret::{Secret, Secrets};
pub use task::{Alias, Decode, EncodeError, NamedTask, Outbound, RunsTasks, Task};
pub use wire::{Blob, DecodeError, Payload, Wire};
