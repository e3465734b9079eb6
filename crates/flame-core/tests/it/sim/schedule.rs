use std::collections::BTreeMap;
use std::time::Instant;

use flame_core::pool::PoolEvent;
use flame_core::{CallerId, RunnerId};

/// Something that the world will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// Somebody calls.
    CallerArrives,
    /// Work comes to its end, unless it was stopped before.
    WorkEnds { caller: CallerId, grant: u64 },
    /// A runner refuses what it was granted.
    WorkRefused { caller: CallerId, grant: u64 },
    /// A runner's process dies.
    RunnerDies { runner: RunnerId },
    /// A runner begins to drain for a reason of its own.
    RunnerDrains { runner: RunnerId },
    /// A draining runner looks whether it is done.
    RunnerLooks { runner: RunnerId },
    /// The backend ends a process.
    InstanceEnds { runner: RunnerId },
    /// The owner changes limits and timeouts.
    LimitsChange,
    /// The owner wants the pool to serve whom it has, and to end.
    PoolDrains,
    /// News reach the pool.
    News(PoolEvent),
    /// The same news reach the pool once more.
    OldNews(PoolEvent),
}

/// What will happen when, in order; what comes at one instant comes in the order in which it was planned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule {
    planned: BTreeMap<(Instant, u64), Happening>,
    next: u64,
}

impl Schedule {
    pub(crate) fn plan(&mut self, at: Instant, happening: Happening) {
        self.planned.insert((at, self.next), happening);
        self.next += 1;
    }

    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.planned.first_key_value().map(|(&(at, _), _)| at)
    }

    pub(crate) fn pop(&mut self) -> Option<Happening> {
        self.planned.pop_first().map(|(_, happening)| happening)
    }
}
