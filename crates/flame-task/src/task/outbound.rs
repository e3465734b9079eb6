use std::fmt;

use crate::registry::Entry;
use crate::resident::RemoteValues;
use crate::wire::Payload;

/// A task that is ready to be sent to a runner.
#[doc(hidden)]
#[derive(Clone)]
pub struct Outbound {
    /// Which task.
    pub task: &'static Entry,
    /// Another name for it, in the process that sends it.
    pub alias: Option<Alias>,
    /// Its arguments.
    pub payload: Payload,
    /// The handles among them. The values must live until the work has ended.
    pub carried: RemoteValues,
}

/// A name that only a function can tell, as that of a generic type.
#[doc(hidden)]
pub type Alias = fn() -> &'static str;

impl Outbound {
    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.alias.map_or_else(|| self.task.name(), |name| name())
    }
}

/// What a task is called by other builds of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedTask {
    /// The path of the function.
    pub path: &'static str,
    /// A hash of the types that it takes along and returns.
    pub fingerprint: u64,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("task", &self.name())
            .field("payload", &self.payload)
            .finish()
    }
}
