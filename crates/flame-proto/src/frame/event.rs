//! What a runner tells about itself.

use std::time::Duration;

use flame_core::CallId;

/// One structured event of a runner's subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunnerEvent {
    /// The call that it happened in, if any.
    pub call: Option<CallId>,
    /// When, by the runner's clock, since the Unix epoch.
    pub happened_at: Duration,
    /// How important it is.
    pub level: Level,
    /// The part of the program that it comes from.
    pub target: String,
    /// Its message.
    pub message: String,
    /// Its other fields, as text.
    pub fields: Vec<(String, String)>,
    /// How many events were dropped before this one.
    pub dropped: u64,
}

/// How important an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Of use to whoever looks at every step.
    Trace,
    /// Of use to developers.
    Debug,
    /// Of use to whoever runs the app.
    Info,
    /// Something that may become a problem.
    Warn,
    /// Something that went wrong.
    Error,
}
