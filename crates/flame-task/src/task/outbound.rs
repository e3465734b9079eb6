use std::fmt;
use std::sync::Arc;

use crate::registry::Entry;
use crate::resident::RemoteValue;
use crate::wire::Payload;

/// A task that is ready to be sent to a runner.
#[doc(hidden)]
#[derive(Clone)]
pub struct Outbound {
    /// Which task.
    pub task: &'static Entry,
    /// Its arguments.
    pub payload: Payload,
    /// The handles among them. The values must live until the work has ended.
    pub carried: Vec<Arc<dyn RemoteValue>>,
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
            .field("task", &self.task.name())
            .field("payload", &self.payload)
            .finish()
    }
}
