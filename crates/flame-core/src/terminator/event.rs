use std::time::Duration;

use crate::id::CallId;

/// Something that happened to a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TerminatorEvent {
    /// The parent has welcomed this runner.
    Attached,
    /// The parent sent work. The answer is `StartCall` or `RefuseCall`.
    CallReceived {
        /// Which work; every id is seen once.
        call: CallId,
        /// What happens to it when the parent is lost.
        link: Link,
    },
    /// The work has really ended.
    CallEnded {
        /// Which work.
        call: CallId,
    },
    /// The parent (or the driver, for a call whose caller left) wants the work to end.
    CancelRequested {
        /// Which work.
        call: CallId,
    },
    /// The last value that calls have left on this runner is gone, or the first one has come.
    ResidentsChanged {
        /// How many values there are now.
        residents: usize,
    },
    /// The parent asks whether this runner agrees to go for want of work.
    IdleProposed,
    /// The user's own check has ended.
    IdleChecked {
        /// Whether the runner may go as far as the user is concerned.
        idle: bool,
    },
    /// The parent wants other settings, from now on.
    SettingsChanged {
        /// See [`TerminatorSettings::max_concurrency`](super::TerminatorSettings::max_concurrency).
        max_concurrency: usize,
        /// See [`TerminatorSettings::shutdown_timeout`](super::TerminatorSettings::shutdown_timeout).
        shutdown_timeout: Duration,
        /// See [`TerminatorSettings::cancel_grace`](super::TerminatorSettings::cancel_grace).
        cancel_grace: Duration,
    },
    /// The runner shall finish what it has and end: the parent said so, or a signal came.
    DrainRequested {
        /// How long running work may go on.
        timeout: Duration,
    },
    /// The parent is gone, or silent for too long.
    ParentLost {
        /// How that was noticed.
        how: ParentLoss,
    },
    /// The parent refused this runner: unknown, given up, of another build.
    Refused,
}

/// What happens to work when the parent is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// It is cancelled.
    Linked,
    /// It may finish within `shutdown_timeout`.
    Detached,
}

/// How the loss of the parent was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParentLoss {
    /// The session was closed without a goodbye, or the lifeline ended: the parent is dead.
    Closed,
    /// Nothing was heard for the peer-loss bound.
    Silent,
}
