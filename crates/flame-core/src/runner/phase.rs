/// Where a runner is in its life, as its pool sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunnerPhase {
    /// The backend was asked for an instance, which has not called back yet.
    Booting,
    /// It takes calls.
    Ready,
    /// It finishes what it has and takes nothing new.
    Draining,
    /// Some work on it ignores its cancel: it takes nothing new, and is killed when its other work has
    /// ended or had its time.
    Poisoned,
    /// It is no runner any more; the backend was asked to destroy the instance.
    Reaping,
    /// Nothing is left of it.
    Gone,
}

/// What can happen to a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunnerSignal {
    /// Its instance called back and was welcomed.
    Attached,
    /// Its boot failed, took too long or is not needed any more.
    BootGivenUp,
    /// The pool told it to drain, or it announced that it does.
    DrainStarted,
    /// Work on it did not end within the grace after its cancel.
    CancelIgnored,
    /// It said goodbye, was lost, or the pool's patience with it is over.
    Ended,
    /// The backend confirmed that the instance does not exist.
    InstanceGone,
}

impl RunnerPhase {
    /// All phases, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Booting,
        Self::Ready,
        Self::Draining,
        Self::Poisoned,
        Self::Reaping,
        Self::Gone,
    ];

    /// The phase after `signal`, or `None` if the signal changes nothing in this phase.
    pub fn next(self, signal: RunnerSignal) -> Option<Self> {
        use RunnerSignal::{
            Attached, BootGivenUp, CancelIgnored, DrainStarted, Ended, InstanceGone,
        };

        match (self, signal) {
            (Self::Booting, Attached) => Some(Self::Ready),
            (Self::Booting, BootGivenUp) => Some(Self::Reaping),
            (Self::Ready, DrainStarted) => Some(Self::Draining),
            (Self::Ready | Self::Draining, CancelIgnored) => Some(Self::Poisoned),
            (Self::Ready | Self::Draining | Self::Poisoned, Ended) => Some(Self::Reaping),
            (Self::Reaping, InstanceGone) => Some(Self::Gone),
            (
                Self::Booting
                | Self::Ready
                | Self::Draining
                | Self::Poisoned
                | Self::Reaping
                | Self::Gone,
                Attached | BootGivenUp | DrainStarted | CancelIgnored | Ended | InstanceGone,
            ) => None,
        }
    }
}

impl RunnerSignal {
    /// All signals, in the order in which a long life meets them.
    pub const ALL: [Self; 6] = [
        Self::Attached,
        Self::BootGivenUp,
        Self::DrainStarted,
        Self::CancelIgnored,
        Self::Ended,
        Self::InstanceGone,
    ];
}
