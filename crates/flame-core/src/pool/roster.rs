mod runner;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

pub(super) use runner::{Idle, Runner};

use super::{Placement, PoolLimits, Reuse};
use crate::id::{CallerId, RunnerId};
use crate::runner::{RunnerPhase, RunnerSignal};

/// The pool's runners, and the order in which they are chosen.
///
/// Every change goes through [`Roster::change`], which keeps the sums and the orders in step with it; so
/// neither a grant nor an end looks at more than one runner.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Roster {
    placement: Placement,
    reuse: Reuse,
    max_concurrency: usize,
    runners: BTreeMap<RunnerId, Runner>,
    /// Runners that may be granted a slot, by used slots.
    open: BTreeSet<(usize, RunnerId)>,
    idle: BTreeSet<(Instant, RunnerId)>,
    proposed: BTreeSet<(Instant, RunnerId)>,
    booting: BTreeSet<RunnerId>,
    used_on_ready: usize,
    in_phase: PhaseCounts,
}

/// How many runners are in each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct PhaseCounts {
    pub(super) booting: usize,
    pub(super) ready: usize,
    pub(super) draining: usize,
    pub(super) poisoned: usize,
    pub(super) reaping: usize,
}

impl PhaseCounts {
    /// How many count towards the pool's maximum.
    pub(super) fn live(&self) -> usize {
        self.booting + self.ready + self.draining + self.poisoned
    }

    fn of(&mut self, phase: RunnerPhase) -> Option<&mut usize> {
        match phase {
            RunnerPhase::Booting => Some(&mut self.booting),
            RunnerPhase::Ready => Some(&mut self.ready),
            RunnerPhase::Draining => Some(&mut self.draining),
            RunnerPhase::Poisoned => Some(&mut self.poisoned),
            RunnerPhase::Reaping => Some(&mut self.reaping),
            RunnerPhase::Gone => None,
        }
    }
}

impl Roster {
    pub(super) fn new(limits: &PoolLimits) -> Self {
        Self {
            placement: limits.placement(),
            reuse: limits.reuse(),
            max_concurrency: limits.max_concurrency(),
            runners: BTreeMap::new(),
            open: BTreeSet::new(),
            idle: BTreeSet::new(),
            proposed: BTreeSet::new(),
            booting: BTreeSet::new(),
            used_on_ready: 0,
            in_phase: PhaseCounts::default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.runners.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (RunnerId, &Runner)> {
        self.runners.iter().map(|(&id, runner)| (id, runner))
    }

    pub(super) fn get(&self, id: RunnerId) -> Option<&Runner> {
        self.runners.get(&id)
    }

    pub(super) fn phase(&self, id: RunnerId) -> Option<RunnerPhase> {
        self.runners.get(&id).map(|runner| runner.phase)
    }

    pub(super) fn in_phase(&self) -> PhaseCounts {
        self.in_phase
    }

    /// Slots taken on runners that take calls.
    pub(super) fn used_on_ready(&self) -> usize {
        self.used_on_ready
    }

    /// The boot that began last; the one least likely to call back soon.
    pub(super) fn newest_boot(&self) -> Option<RunnerId> {
        self.booting.last().copied()
    }

    /// The runner that gets the next call, if one has a free slot.
    pub(super) fn choose(&self) -> Option<RunnerId> {
        match self.placement {
            Placement::Spread => self.open.first().map(|&(_, id)| id),
            Placement::Pack => {
                let &(most, _) = self.open.last()?;
                let oldest = self.open.range((most, RunnerId(0))..).next();
                oldest.map(|&(_, id)| id)
            }
        }
    }

    /// The runner that has been without work for longest and was not asked to go, and since when.
    pub(super) fn longest_idle(&self) -> Option<(Instant, RunnerId)> {
        self.idle.first().copied()
    }

    /// The runner whose answer to a proposal is out for longest, and since when.
    pub(super) fn longest_proposed(&self) -> Option<(Instant, RunnerId)> {
        self.proposed.first().copied()
    }

    /// How many runners were asked to go and have not answered.
    pub(super) fn proposed(&self) -> usize {
        self.proposed.len()
    }

    pub(super) fn add_boot(&mut self, id: RunnerId) {
        let runner = Runner::booting();
        self.enter(id, &runner);
        let before = self.runners.insert(id, runner);
        debug_assert!(before.is_none(), "{id} was used before");
    }

    /// Moves a runner to its next phase. Returns whether the signal means anything to it.
    pub(super) fn signal(&mut self, id: RunnerId, signal: RunnerSignal) -> bool {
        let next = self.phase(id).and_then(|phase| phase.next(signal));
        let Some(next) = next else {
            return false;
        };
        self.change(id, |runner| {
            runner.phase = next;
            runner.idle = Idle::No;
        });
        if next == RunnerPhase::Gone {
            self.runners.remove(&id);
        }
        true
    }

    pub(super) fn take_slot(&mut self, id: RunnerId, caller: CallerId) {
        self.change(id, |runner| {
            runner.leases.insert(caller);
            runner.grants += 1;
            runner.idle = Idle::No;
        });
    }

    pub(super) fn free_slot(&mut self, id: RunnerId, caller: CallerId, now: Instant) {
        self.change(id, |runner| {
            runner.leases.remove(&caller);
            if runner.leases.is_empty() && runner.phase == RunnerPhase::Ready {
                runner.idle = Idle::Since(now);
            }
        });
    }

    /// Changes one runner and keeps sums and orders in step.
    pub(super) fn change(&mut self, id: RunnerId, change: impl FnOnce(&mut Runner)) {
        let Some(mut runner) = self.runners.remove(&id) else {
            return;
        };
        self.leave(id, &runner);
        change(&mut runner);
        self.enter(id, &runner);
        self.runners.insert(id, runner);
    }

    fn enter(&mut self, id: RunnerId, runner: &Runner) {
        let used = runner.leases.len();
        debug_assert!(used <= self.max_concurrency, "{id} has too many calls");
        if let Some(count) = self.in_phase.of(runner.phase) {
            *count += 1;
        }
        if self.is_open(runner) {
            self.open.insert((used, id));
        }
        if runner.phase == RunnerPhase::Ready {
            self.used_on_ready += used;
        }
        if runner.phase == RunnerPhase::Booting {
            self.booting.insert(id);
        }
        match runner.idle {
            Idle::No => false,
            Idle::Since(since) => self.idle.insert((since, id)),
            Idle::Proposed { at, .. } => self.proposed.insert((at, id)),
        };
    }

    fn leave(&mut self, id: RunnerId, runner: &Runner) {
        let used = runner.leases.len();
        if let Some(count) = self.in_phase.of(runner.phase) {
            *count -= 1;
        }
        if self.is_open(runner) {
            self.open.remove(&(used, id));
        }
        if runner.phase == RunnerPhase::Ready {
            self.used_on_ready -= used;
        }
        if runner.phase == RunnerPhase::Booting {
            self.booting.remove(&id);
        }
        match runner.idle {
            Idle::No => false,
            Idle::Since(since) => self.idle.remove(&(since, id)),
            Idle::Proposed { at, .. } => self.proposed.remove(&(at, id)),
        };
    }

    fn is_open(&self, runner: &Runner) -> bool {
        runner.phase == RunnerPhase::Ready
            && runner.leases.len() < self.max_concurrency
            && !self.is_spent(runner)
    }

    /// Whether a runner that is used once has been used.
    pub(super) fn is_spent(&self, runner: &Runner) -> bool {
        match self.reuse {
            Reuse::Many => false,
            Reuse::SingleUse => runner.grants > 0,
        }
    }
}
