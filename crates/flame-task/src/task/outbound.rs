use crate::wire::Payload;

/// A task that is ready to be sent to a runner.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// Which task.
    pub task: TaskIdentity,
    /// Its name, for people.
    pub name: &'static str,
    /// Its arguments.
    pub payload: Payload,
}

/// How a runner knows a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskIdentity {
    /// To a runner of the same build.
    pub exact: u64,
    /// To a runner of another build. Only `#[remote]` functions that are not generic have it.
    pub named: Option<NamedTask>,
}

/// What a task is called by other builds of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedTask {
    /// The path of the function.
    pub path: &'static str,
    /// A hash of the types that it takes along and returns.
    pub fingerprint: u64,
}
