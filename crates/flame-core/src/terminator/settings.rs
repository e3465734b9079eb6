use std::time::Duration;

/// What a runner must know to end itself in time; its parent tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TerminatorSettings {
    /// How many calls it takes at a time.
    pub max_concurrency: usize,
    /// How long it may take to be welcomed by its parent.
    pub attach_timeout: Duration,
    /// How long detached work may go on after the parent is lost.
    pub shutdown_timeout: Duration,
    /// How long cancelled work may take to end.
    pub cancel_grace: Duration,
    /// Whether the user has a check of their own that is asked before the runner goes for want of work.
    pub has_idle_check: bool,
}
