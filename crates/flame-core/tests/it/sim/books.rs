mod actions;
mod caller;
mod events;
mod life;
mod pins;
mod runner;
mod surplus;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use flame_core::pool::Reuse;
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

pub(crate) use caller::{CallerPage, Cancel, Outcome, Place};
pub(crate) use life::PoolLife;
pub(crate) use runner::{Proposal, RunnerPage, Told};

use super::pause::Pause;
use super::plan::Plan;

/// What the pool should know, kept apart from it: written from the events that it was told and the
/// actions that it asked for, in plain maps that are searched from end to end.
#[derive(Clone, Debug)]
pub(crate) struct Books {
    pub(crate) plan: Plan,
    pub(crate) callers: BTreeMap<CallerId, CallerPage>,
    pub(crate) runners: BTreeMap<RunnerId, RunnerPage>,
    pub(crate) boots: BTreeSet<RunnerId>,
    pub(crate) pause: Pause,
    /// The fewest runners that there must be.
    pub(crate) floor: usize,
    pub(crate) life: PoolLife,
    pub(crate) leavings: Leavings,
    /// Since when one boot is too many, since when two, and so on.
    pub(crate) surplus_since: Vec<Instant>,
}

/// How many callers left, by where they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leavings {
    pub(crate) waiting: u64,
    pub(crate) running: u64,
    pub(crate) too_late: u64,
}

impl Books {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            plan: plan.clone(),
            callers: BTreeMap::new(),
            runners: BTreeMap::new(),
            boots: BTreeSet::new(),
            pause: Pause::new(&plan.timeouts),
            floor: plan.limits.min(),
            life: PoolLife::default(),
            leavings: Leavings::default(),
            surplus_since: Vec::new(),
        }
    }

    pub(crate) fn waiting(&self) -> impl Iterator<Item = (CallerId, &CallerPage)> {
        let all = self.callers.iter().map(|(&id, page)| (id, page));
        all.filter(|(_, page)| page.place == Place::Waiting)
    }

    /// Those who wait and never had a slot.
    pub(crate) fn newcomers(&self) -> impl Iterator<Item = (CallerId, &CallerPage)> {
        self.waiting()
            .filter(|(_, page)| page.returns + page.retried == 0)
    }

    pub(crate) fn on(&self, runner: RunnerId) -> impl Iterator<Item = (CallerId, &CallerPage)> {
        let all = self.callers.iter().map(|(&id, page)| (id, page));
        all.filter(move |(_, page)| page.runner() == Some(runner))
    }

    /// How many slots are taken, however many share one.
    pub(crate) fn used(&self, runner: RunnerId) -> usize {
        let slots = self.on(runner).filter_map(|(_, page)| page.slot);
        slots.collect::<BTreeSet<_>>().len()
    }

    pub(crate) fn place(&self, caller: CallerId) -> Option<Place> {
        self.callers.get(&caller).map(|page| page.place)
    }

    pub(crate) fn phase(&self, runner: RunnerId) -> Option<RunnerPhase> {
        self.runners.get(&runner).map(|page| page.phase)
    }

    pub(crate) fn in_phase(&self, phase: RunnerPhase) -> impl Iterator<Item = RunnerId> {
        let all = self.runners.iter();
        all.filter(move |(_, page)| page.phase == phase)
            .map(|(&id, _)| id)
    }

    pub(crate) fn ready(&self) -> usize {
        self.in_phase(RunnerPhase::Ready).count()
    }

    pub(crate) fn booting(&self) -> usize {
        self.in_phase(RunnerPhase::Booting).count()
    }

    pub(crate) fn live(&self) -> usize {
        let pages = self.runners.values();
        pages
            .filter(|page| page.phase < RunnerPhase::Reaping)
            .count()
    }

    /// Ready runners that were not asked to go.
    pub(crate) fn staying(&self) -> usize {
        let ready = self.in_phase(RunnerPhase::Ready);
        ready
            .filter(|id| self.runners[id].proposal.is_none())
            .count()
    }

    /// Runners with a free slot, and how many slots of each are used.
    pub(crate) fn open(&self) -> Vec<(usize, RunnerId)> {
        let ready = self.in_phase(RunnerPhase::Ready);
        ready
            .filter(|id| match self.plan.limits.reuse() {
                Reuse::Many => true,
                Reuse::SingleUse => self.runners[id].grants == 0,
            })
            .map(|id| (self.used(id), id))
            .filter(|&(used, _)| used < self.plan.limits.max_concurrency())
            .collect()
    }

    /// The number of runners that callers and the warm headroom want.
    pub(crate) fn wanted(&self) -> usize {
        let max_concurrency = self.plan.limits.max_concurrency();
        // Whoever has more than it may, since there may be less now, counts as full.
        let used: usize = self
            .in_phase(RunnerPhase::Ready)
            .map(|id| self.used(id).min(max_concurrency))
            .sum();
        let warm = if self.life.is_open() {
            self.plan.limits.warm()
        } else {
            0
        };
        let slots = used + self.unpinned().count() + warm;
        let runners = slots.div_ceil(max_concurrency);
        runners.min(self.plan.limits.max())
    }

    pub(crate) fn target(&self) -> usize {
        let floor = if self.life.is_open() { self.floor } else { 0 };
        self.wanted().max(floor)
    }

    /// How long the runner that goes next has to be without work; `None` if all of them are needed.
    pub(crate) fn idle_span(&self) -> Option<Duration> {
        let timeouts = &self.plan.timeouts;
        let staying = self.staying();
        if staying > self.target() {
            Some(timeouts.idle_shutdown_after)
        } else if staying > self.wanted() {
            let span = timeouts.min_idle_shutdown_after?;
            Some(span.max(timeouts.idle_shutdown_after))
        } else {
            None
        }
    }

    /// Whether somebody waits for something there, or values are left there.
    pub(crate) fn has_work_worth_keeping(&self, runner: RunnerId) -> bool {
        self.on(runner).any(|(_, page)| match page.place {
            Place::Running { .. } => page.is_awaited(),
            Place::Resident { .. } => true,
            Place::Waiting | Place::Done => false,
        })
    }

    fn vacate(&mut self, caller: CallerId, place: Place, now: Instant) {
        let Some(page) = self.callers.get_mut(&caller) else {
            return;
        };
        let runner = page.runner();
        page.place = place;
        if let Some(runner) = runner
            && self.used(runner) == 0
        {
            self.with(runner, |page| page.idle_since = Some(now));
        }
    }

    fn answer(&mut self, caller: CallerId, outcome: Outcome) {
        if let Some(page) = self.callers.get_mut(&caller) {
            page.outcome = Some(outcome);
        }
        self.end_drain();
    }

    /// A pool that drains shuts down as soon as nobody waits for anything.
    fn end_drain(&mut self) {
        if self.life.is_draining && !self.callers.values().any(CallerPage::is_awaited) {
            self.life.shut_down();
        }
    }

    fn enter(&mut self, runner: RunnerId, phase: RunnerPhase, now: Instant) {
        let patience = self.plan.timeouts.shutdown_timeout;
        self.with(runner, |page| {
            let was_ready = page.phase == RunnerPhase::Ready;
            match phase {
                RunnerPhase::Draining => {
                    page.cancel_at = Some(now + patience);
                    page.kill_at = None;
                }
                // Who drains has its deadline already.
                RunnerPhase::Poisoned if was_ready => page.kill_at = Some(now + patience),
                _ => {}
            }
            page.phase = phase;
            page.proposal = None;
        });
    }

    fn with(&mut self, runner: RunnerId, change: impl FnOnce(&mut RunnerPage)) {
        if let Some(page) = self.runners.get_mut(&runner) {
            change(page);
        }
    }
}
