use std::fmt;

use crate::registry::Entry;
use crate::wire::Payload;

/// A task that is ready to be sent to a runner.
#[doc(hidden)]
#[derive(Clone)]
pub struct Outbound {
    /// Which task.
    pub task: &'static Entry,
    /// What it is called by the process that sends it.
    pub name: &'static str,
    /// Its arguments.
    pub payload: Payload,
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
            .field("task", &self.name)
            .field("payload", &self.payload)
            .finish()
    }
}
