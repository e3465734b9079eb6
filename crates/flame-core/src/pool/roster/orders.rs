use std::collections::BTreeSet;
use std::time::Instant;

use super::Idle;
use crate::id::RunnerId;
use crate::pool::Placement;
use crate::runner::RunnerPhase;

/// The orders in which runners are chosen, and sums over all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Orders {
    /// Runners that may be granted a slot, by used slots.
    open: BTreeSet<(usize, RunnerId)>,
    pub(super) idle: BTreeSet<(Instant, RunnerId)>,
    pub(super) proposed: BTreeSet<(Instant, RunnerId)>,
    pub(super) booting: BTreeSet<RunnerId>,
    pub(super) used_on_ready: usize,
    pub(super) in_phase: PhaseCounts,
}

/// All that the orders and sums depend on in one runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rank {
    pub(super) phase: RunnerPhase,
    pub(super) used: usize,
    /// How many slots it may use.
    pub(super) max_concurrency: usize,
    pub(super) idle: Idle,
    /// Whether it may be granted a slot.
    pub(super) is_open: bool,
}

/// How many runners are in each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::pool) struct PhaseCounts {
    pub(in crate::pool) booting: usize,
    pub(in crate::pool) ready: usize,
    pub(in crate::pool) draining: usize,
    pub(in crate::pool) poisoned: usize,
    pub(in crate::pool) reaping: usize,
}

impl Orders {
    /// The runner that gets the next call, if one has a free slot.
    pub(super) fn choose(&self, placement: Placement) -> Option<RunnerId> {
        match placement {
            Placement::Spread => self.open.first().map(|&(_, id)| id),
            Placement::Pack => {
                let &(most, _) = self.open.last()?;
                let oldest = self.open.range((most, RunnerId(0))..).next();
                oldest.map(|&(_, id)| id)
            }
        }
    }

    /// Moves a runner from one rank to another, where `None` is outside. What stays the same is not
    /// touched: a call's start and end must not cost more than they change.
    pub(super) fn shift(&mut self, id: RunnerId, from: Option<Rank>, to: Option<Rank>) {
        let (from_phase, to_phase) = (from.map(|rank| rank.phase), to.map(|rank| rank.phase));
        if from_phase != to_phase {
            self.shift_phase(id, from_phase, to_phase);
        }
        self.used_on_ready -= from.map_or(0, Rank::used_if_ready);
        self.used_on_ready += to.map_or(0, Rank::used_if_ready);
        let (from_load, to_load) = (from.and_then(Rank::load), to.and_then(Rank::load));
        if from_load != to_load {
            // In this order, a set of one is never empty in between, and keeps its memory.
            if let Some(used) = to_load {
                self.open.insert((used, id));
            }
            if let Some(used) = from_load {
                self.open.remove(&(used, id));
            }
        }
        let from_idle = from.map_or(Idle::No, |rank| rank.idle);
        let to_idle = to.map_or(Idle::No, |rank| rank.idle);
        if from_idle != to_idle {
            self.shift_idle(id, from_idle, to_idle);
        }
    }

    fn shift_phase(&mut self, id: RunnerId, from: Option<RunnerPhase>, to: Option<RunnerPhase>) {
        if let Some(count) = from.and_then(|phase| self.in_phase.of(phase)) {
            *count -= 1;
        }
        if let Some(count) = to.and_then(|phase| self.in_phase.of(phase)) {
            *count += 1;
        }
        if from == Some(RunnerPhase::Booting) {
            self.booting.remove(&id);
        }
        if to == Some(RunnerPhase::Booting) {
            self.booting.insert(id);
        }
    }

    fn shift_idle(&mut self, id: RunnerId, from: Idle, to: Idle) {
        match from {
            Idle::No => false,
            Idle::Since(since) => self.idle.remove(&(since, id)),
            Idle::Proposed { at, .. } => self.proposed.remove(&(at, id)),
        };
        match to {
            Idle::No => false,
            Idle::Since(since) => self.idle.insert((since, id)),
            Idle::Proposed { at, .. } => self.proposed.insert((at, id)),
        };
    }
}

impl Rank {
    /// How many slots it takes of those that there should be.
    fn used_if_ready(self) -> usize {
        match self.phase {
            RunnerPhase::Ready => self.used.min(self.max_concurrency),
            RunnerPhase::Booting
            | RunnerPhase::Draining
            | RunnerPhase::Poisoned
            | RunnerPhase::Reaping
            | RunnerPhase::Gone => 0,
        }
    }

    /// How many slots are used, if another may be granted.
    fn load(self) -> Option<usize> {
        self.is_open.then_some(self.used)
    }
}

impl PhaseCounts {
    /// How many count towards the pool's maximum.
    pub(in crate::pool) fn live(&self) -> usize {
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
