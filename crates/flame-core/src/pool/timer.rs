use std::collections::BTreeSet;
use std::time::Instant;

use crate::id::{CallerId, RunnerId};

/// Why a pool wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerReason {
    /// A caller gives up waiting for a slot.
    QueueDeadline {
        /// Whose.
        caller: CallerId,
    },
    /// A caller's whole patience ends, whether it waits or runs.
    CallDeadline {
        /// Whose.
        caller: CallerId,
    },
    /// Cancelled work should have ended by then.
    CancelGrace {
        /// Whose work.
        caller: CallerId,
    },
    /// A boot should have called back by then.
    BootTimeout {
        /// Which boot.
        runner: RunnerId,
    },
    /// The pause after a failed boot is over.
    BootRetry,
    /// A runner has been without work for long enough.
    IdleCheck,
    /// A boot has not been needed for long enough.
    SurplusBoot,
    /// A draining runner's work should have ended by then.
    DrainTimeout {
        /// Which runner.
        runner: RunnerId,
    },
    /// The cancelled work of a draining runner should have ended by then.
    DrainGrace {
        /// Which runner.
        runner: RunnerId,
    },
    /// The other work of a poisoned runner should have ended by then.
    PoisonTimeout {
        /// Which runner.
        runner: RunnerId,
    },
    /// The backend is asked once more to destroy an instance.
    DestroyRetry {
        /// Whose instance.
        runner: RunnerId,
    },
    /// The pool's callers should have been served by then.
    PoolDrainTimeout,
}

/// The deadlines that callers and runners have set. Whoever sets one knows its instant, and so can stop
/// it without a search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Timers {
    due: BTreeSet<(Instant, TimerReason)>,
}

impl Timers {
    pub(super) fn set(&mut self, at: Instant, reason: TimerReason) {
        self.due.insert((at, reason));
    }

    pub(super) fn stop(&mut self, at: Instant, reason: TimerReason) {
        let was_set = self.due.remove(&(at, reason));
        debug_assert!(was_set, "{reason:?} was not set");
    }

    /// The next deadline.
    pub(super) fn first(&self) -> Option<(Instant, TimerReason)> {
        self.due.first().copied()
    }

    /// Takes out the next deadline if it has come.
    pub(super) fn pop_due(&mut self, now: Instant) -> Option<TimerReason> {
        let &(at, reason) = self.due.first()?;
        if at > now {
            return None;
        }
        self.due.pop_first();
        Some(reason)
    }
}
