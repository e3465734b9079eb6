use std::any::Any;

use crate::registry::BoxFuture;
use crate::wire::Payload;

/// A value as it was given to `send`.
pub(super) type Value = Box<dyn Any + Send>;

/// An item whose bytes may still be on their way.
pub(super) type Coming = BoxFuture<'static, Result<Payload, String>>;

/// One item in a pipe.
pub(super) enum Item {
    /// Never left this process.
    Value(Value),
    /// Encoded, to leave or having arrived.
    Payload(Payload),
    /// On its way here. `None` while it is being looked at.
    Coming(Option<Coming>),
    /// Could not be encoded, or was lost on its way.
    Broken(String),
}

/// An item in its place.
pub(super) struct Queued {
    pub(super) item: Item,
    /// What it takes of a window.
    pub(super) cost: u64,
    /// Whether it came through a port, so that its cost is given back.
    pub(super) credited: bool,
}
