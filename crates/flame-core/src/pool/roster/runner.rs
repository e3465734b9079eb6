use std::collections::BTreeSet;
use std::time::Instant;

use crate::id::CallerId;
use crate::pool::TimerReason;
use crate::runner::RunnerPhase;

/// One runner in its pool's books.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::pool) struct Runner {
    pub(in crate::pool) phase: RunnerPhase,
    /// Who is in its slots.
    pub(in crate::pool) leases: BTreeSet<CallerId>,
    /// How many slots they take. A call may be in the slot of the values that it needs.
    pub(in crate::pool) used: usize,
    pub(in crate::pool) idle: Idle,
    /// How many slots were granted on it in its life.
    pub(in crate::pool) grants: u64,
    pub(in crate::pool) has_ended_a_call: bool,
    /// How many grants it returned since it last ended a call.
    pub(in crate::pool) returns_in_a_row: u32,
    /// How often the backend was asked to destroy its instance.
    pub(in crate::pool) destroys: u32,
    /// The one deadline that its phase has.
    pub(in crate::pool) timer: Option<(Instant, TimerReason)>,
}

/// Whether a runner could go for want of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::pool) enum Idle {
    /// It has work, or does not take any.
    No,
    /// It has been without work since then.
    Since(Instant),
    /// It was asked then whether it agrees to go.
    Proposed {
        at: Instant,
        /// Whether the pool would have fewer runners than its minimum.
        below_min: bool,
    },
}

impl Runner {
    pub(super) fn booting() -> Self {
        Self {
            phase: RunnerPhase::Booting,
            leases: BTreeSet::new(),
            used: 0,
            idle: Idle::No,
            grants: 0,
            has_ended_a_call: false,
            returns_in_a_row: 0,
            destroys: 0,
            timer: None,
        }
    }
}
