use std::fmt;

use crate::id::{CallerId, RunnerId};

/// Something the driver must do now, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "an action that is not carried out leaves the pool waiting for its outcome"]
pub enum PoolAction {
    /// Ask the backend for an instance.
    BootInstance {
        /// The new boot.
        runner: RunnerId,
    },
    /// Admit the instance that called back; it may be sent calls from now on.
    WelcomeRunner {
        /// The boot it belongs to.
        runner: RunnerId,
    },
    /// Refuse the instance that called back: its boot is unknown, given up or taken.
    RefuseRunner {
        /// The boot it claims.
        runner: RunnerId,
    },
    /// Send the caller's work to the runner.
    GrantSlot {
        /// Whose work.
        caller: CallerId,
        /// To whom.
        runner: RunnerId,
    },
    /// Tell the caller that its work was not started.
    RejectCaller {
        /// Whom.
        caller: CallerId,
        /// Why.
        reason: RejectReason,
    },
    /// The runner was lost, and the caller's work will be begun again: forget that it runs there, and keep how the
    /// runner was lost. `LoseCaller` names it should the work not be begun again after all.
    RetryCaller {
        /// Whose work.
        caller: CallerId,
        /// The lost runner.
        runner: RunnerId,
    },
    /// Tell the caller that its deadline has passed while its work was running.
    ExpireCaller {
        /// Whom.
        caller: CallerId,
    },
    /// Tell the caller that its runner was lost while its work may have been running. The loss may be past:
    /// then its work could not be begun again.
    LoseCaller {
        /// Whom.
        caller: CallerId,
        /// The lost runner.
        runner: RunnerId,
    },
    /// Tell the runner to cancel the caller's work; the slot stays taken until it confirms the end. With
    /// [`CancelReason::PoolShutdown`] this is the caller's answer as well: its work was cancelled.
    CancelCall {
        /// Whose work.
        caller: CallerId,
        /// Where it runs.
        runner: RunnerId,
        /// Why.
        reason: CancelReason,
    },
    /// Tell the owners of the values that the call left on the lost runner that they are lost.
    LoseResidents {
        /// The call that left them.
        caller: CallerId,
        /// The lost runner.
        runner: RunnerId,
    },
    /// Ask the runner whether it agrees to go for want of work.
    ProposeIdle {
        /// Whom.
        runner: RunnerId,
    },
    /// Tell the runner to finish what it has, within `shutdown_timeout`, and end.
    DrainRunner {
        /// Whom.
        runner: RunnerId,
        /// Why.
        reason: DrainReason,
    },
    /// Write down that the boot failed because it took too long; `DestroyInstance` follows.
    FailBoot {
        /// Which boot.
        runner: RunnerId,
    },
    /// Say that this process may be the one that is cut off: all its runners fell silent, one after the other. Boots pause.
    SuspectLink,
    /// Tell the runner its new `max_concurrency`, `shutdown_timeout` and `cancel_grace`.
    TellLimits {
        /// Whom.
        runner: RunnerId,
    },
    /// Give up the boot if it is under way, end the session if there is one, and have the backend end
    /// the instance. The answer is `InstanceGone` or `DestroyFailed`.
    DestroyInstance {
        /// Whose instance.
        runner: RunnerId,
    },
    /// The pool has ended: no runner, no instance and no caller is left.
    ConfirmShutdown,
}

/// Why a caller's work was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RejectReason {
    /// Too many callers wait already.
    QueueFull,
    /// No slot came free before its deadline.
    QueueTimeout,
    /// Boots fail in a way that no repetition can mend.
    BootFailed,
    /// The pool is shutting down.
    PoolShutdown,
    /// The values that it needs are gone, or their runner is about to go.
    ResidentsGone,
}

/// Why work is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CancelReason {
    /// Nobody waits for its result any more.
    CallerGone,
    /// Its deadline has passed.
    DeadlinePassed,
    /// The pool shuts down and its patience is over.
    PoolShutdown,
    /// Its runner drains, as after a signal, and the pool's patience with it is over.
    DrainTimeout,
}

/// Why a runner takes no further calls and finishes what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DrainReason {
    /// It had no work for long enough, and agreed to go.
    Idle,
    /// It was for one call, which has ended.
    UsedUp,
    /// It returned one call after the other without starting any.
    OutOfStep,
    /// The pool's limits want fewer runners.
    TooMany,
    /// The pool is shutting down.
    PoolShutdown,
    /// It decided so itself, as after a signal.
    ByItself,
    /// Some work on it does not stop although it was told to.
    WorkDoesNotStop,
}

impl fmt::Display for DrainReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "for want of work",
            Self::UsedUp => "after its one call",
            Self::OutOfStep => "because it returns every call",
            Self::TooMany => "because there are too many",
            Self::PoolShutdown => "because the pool shuts down",
            Self::ByItself => "of its own accord",
            Self::WorkDoesNotStop => "because work on it does not stop",
        })
    }
}
