mod orders;
mod runner;

use std::collections::BTreeMap;
use std::time::Instant;

use orders::{Orders, PhaseCounts, Rank};
pub(super) use runner::{Idle, Runner};

use super::lease::Share;
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
    orders: Orders,
}

impl Roster {
    pub(super) fn new(limits: &PoolLimits) -> Self {
        Self {
            placement: limits.placement(),
            reuse: limits.reuse(),
            max_concurrency: limits.max_concurrency(),
            runners: BTreeMap::new(),
            orders: Orders::default(),
        }
    }

    /// Ranks every runner anew, by other limits.
    pub(super) fn set_limits(&mut self, limits: &PoolLimits) {
        self.placement = limits.placement();
        let (reuse, max_concurrency) = (limits.reuse(), limits.max_concurrency());
        for (&id, runner) in &self.runners {
            let from = rank(self.reuse, self.max_concurrency, runner);
            let to = rank(reuse, max_concurrency, runner);
            self.orders.shift(id, Some(from), Some(to));
        }
        self.reuse = reuse;
        self.max_concurrency = max_concurrency;
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
        self.orders.in_phase
    }

    /// Slots taken on runners that take calls.
    pub(super) fn used_on_ready(&self) -> usize {
        self.orders.used_on_ready
    }

    /// The boot that began last; the one least likely to call back soon.
    pub(super) fn newest_boot(&self) -> Option<RunnerId> {
        self.orders.booting.last().copied()
    }

    /// The runner that gets the next call, if one has a free slot.
    pub(super) fn choose(&self) -> Option<RunnerId> {
        self.orders.choose(self.placement)
    }

    /// The runner that has been without work for longest and was not asked to go, and since when.
    pub(super) fn longest_idle(&self) -> Option<(Instant, RunnerId)> {
        self.orders.idle.first().copied()
    }

    /// The runner whose answer to a proposal is out for longest, and since when.
    pub(super) fn longest_proposed(&self) -> Option<(Instant, RunnerId)> {
        self.orders.proposed.first().copied()
    }

    /// A runner without work, asked to go or not.
    pub(super) fn any_idle(&self) -> Option<RunnerId> {
        let idle = self.longest_idle().or_else(|| self.longest_proposed());
        idle.map(|(_, id)| id)
    }

    /// The runner with the least work of those that take calls. This looks at all of them.
    pub(super) fn least_used(&self) -> Option<RunnerId> {
        let ready = self
            .iter()
            .filter(|(_, one)| one.phase == RunnerPhase::Ready);
        ready
            .min_by_key(|&(id, one)| (one.used, id))
            .map(|(id, _)| id)
    }

    /// How many runners were asked to go and have not answered.
    pub(super) fn proposed(&self) -> usize {
        self.orders.proposed.len()
    }

    pub(super) fn add_boot(&mut self, id: RunnerId) {
        let runner = Runner::booting();
        let rank = rank(self.reuse, self.max_concurrency, &runner);
        self.orders.shift(id, None, Some(rank));
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

    /// Whether the runner may be granted a slot.
    pub(super) fn is_open(&self, id: RunnerId) -> bool {
        let runner = self.runners.get(&id);
        runner.is_some_and(|runner| rank(self.reuse, self.max_concurrency, runner).is_open)
    }

    pub(super) fn take_slot(&mut self, id: RunnerId, caller: CallerId, share: Share) {
        self.change(id, |runner| {
            runner.leases.insert(caller);
            runner.used += usize::from(share == Share::Whole);
            runner.grants += 1;
            runner.idle = Idle::No;
        });
    }

    pub(super) fn free_slot(&mut self, id: RunnerId, caller: CallerId, share: Share, now: Instant) {
        self.change(id, |runner| {
            runner.leases.remove(&caller);
            runner.used -= usize::from(share == Share::Whole);
            if runner.leases.is_empty() && runner.phase == RunnerPhase::Ready {
                runner.idle = Idle::Since(now);
            }
        });
    }

    /// Changes one runner and keeps sums and orders in step.
    pub(super) fn change(&mut self, id: RunnerId, change: impl FnOnce(&mut Runner)) {
        let Some(runner) = self.runners.get_mut(&id) else {
            return;
        };
        let from = rank(self.reuse, self.max_concurrency, runner);
        change(runner);
        let to = rank(self.reuse, self.max_concurrency, runner);
        debug_assert!(
            to.used <= self.max_concurrency.max(from.used),
            "{id} has too many calls"
        );
        self.orders.shift(id, Some(from), Some(to));
    }

    /// Writes down something about a runner that no sum and no order depends on.
    pub(super) fn note(&mut self, id: RunnerId, note: impl FnOnce(&mut Runner)) {
        if let Some(runner) = self.runners.get_mut(&id) {
            let before = rank(self.reuse, self.max_concurrency, runner);
            note(runner);
            let after = rank(self.reuse, self.max_concurrency, runner);
            debug_assert_eq!(before, after, "{id} has changed more than was said");
        }
    }

    /// Whether a runner that is used once has been used.
    pub(super) fn is_spent(&self, runner: &Runner) -> bool {
        is_spent(self.reuse, runner)
    }
}

fn rank(reuse: Reuse, max_concurrency: usize, runner: &Runner) -> Rank {
    let used = runner.used;
    Rank {
        phase: runner.phase,
        used,
        max_concurrency,
        idle: runner.idle,
        is_open: runner.phase == RunnerPhase::Ready
            && used < max_concurrency
            && !is_spent(reuse, runner),
    }
}

fn is_spent(reuse: Reuse, runner: &Runner) -> bool {
    match reuse {
        Reuse::Many => false,
        Reuse::SingleUse => runner.grants > 0,
    }
}
