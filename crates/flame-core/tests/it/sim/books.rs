mod pages;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use flame_core::pool::{CancelReason, PoolAction, PoolEvent, Reuse, SlotAfter};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::pause::Pause;
use super::plan::Plan;
pub(crate) use pages::{CallerPage, Place, RunnerPage};

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
    pub(crate) shutting_down: bool,
    pub(crate) confirmed: u32,
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
            shutting_down: false,
            confirmed: 0,
        }
    }

    pub(crate) fn waiting(&self) -> impl Iterator<Item = (CallerId, &CallerPage)> {
        let all = self.callers.iter().map(|(&id, page)| (id, page));
        all.filter(|(_, page)| page.place == Place::Waiting)
    }

    pub(crate) fn on(&self, runner: RunnerId) -> impl Iterator<Item = (CallerId, &CallerPage)> {
        let all = self.callers.iter().map(|(&id, page)| (id, page));
        all.filter(move |(_, page)| page.runner() == Some(runner))
    }

    pub(crate) fn used(&self, runner: RunnerId) -> usize {
        self.on(runner).count()
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
        let used: usize = self
            .in_phase(RunnerPhase::Ready)
            .map(|id| self.used(id))
            .sum();
        let slots = used + self.waiting().count() + self.plan.limits.warm();
        let per_runner = self.plan.limits.max_concurrency();
        let runners = slots / per_runner + usize::from(slots % per_runner > 0);
        runners.min(self.plan.limits.max())
    }

    pub(crate) fn target(&self) -> usize {
        self.wanted().max(self.floor)
    }

    /// Writes down that time has passed.
    pub(crate) fn time(&mut self, now: Instant) {
        let grace = self.plan.timeouts.cancel_grace;
        let mut poisoned = BTreeSet::new();
        for page in self.callers.values() {
            if let Place::Running {
                runner,
                cancelled: Some((at, reason)),
            } = page.place
            {
                let by_caller = match reason {
                    CancelReason::CallerGone | CancelReason::DeadlinePassed => true,
                    CancelReason::PoolShutdown | CancelReason::DrainTimeout => false,
                };
                if by_caller && at + grace <= now {
                    poisoned.insert(runner);
                }
            }
        }
        for runner in poisoned {
            let phase = self.runners[&runner].phase;
            if phase == RunnerPhase::Ready || phase == RunnerPhase::Draining {
                self.enter(runner, RunnerPhase::Poisoned, now);
            }
        }
    }

    /// Writes down what the pool is told.
    pub(crate) fn event(&mut self, event: PoolEvent, now: Instant) {
        match event {
            PoolEvent::CheckoutRequested {
                caller,
                deadline,
                queue_deadline,
            } => self.arrives(caller, deadline, queue_deadline),
            PoolEvent::CallerGone { caller } => self.leaves(caller),
            PoolEvent::CallEnded { caller, slot } => self.ends(caller, slot, now),
            PoolEvent::CallReturned { caller } => self.returns(caller, now),
            PoolEvent::ResidentsReleased { caller } => {
                if let Some(Place::Resident { .. }) = self.place(caller) {
                    self.vacate(caller, Place::Done, now);
                }
            }
            PoolEvent::BootFailed { runner, .. } => {
                if self.phase(runner) == Some(RunnerPhase::Booting) {
                    self.pause.boot_failed(runner, &self.boots, now);
                    self.mark_ended(runner);
                }
            }
            PoolEvent::RunnerDraining { runner } => {
                if self.phase(runner) == Some(RunnerPhase::Ready) {
                    self.enter(runner, RunnerPhase::Draining, now);
                }
            }
            PoolEvent::RunnerFinished { runner } | PoolEvent::RunnerLost { runner } => {
                let phase = self.phase(runner);
                if phase.is_some_and(|p| p > RunnerPhase::Booting && p < RunnerPhase::Reaping) {
                    self.mark_ended(runner);
                }
            }
            PoolEvent::InstanceGone { runner } => {
                if self.phase(runner) == Some(RunnerPhase::Reaping) {
                    self.runners.remove(&runner);
                }
            }
            PoolEvent::ShutdownRequested => self.shutting_down = true,
            PoolEvent::IdleAnswered { .. }
            | PoolEvent::RunnerAttached { .. }
            | PoolEvent::DestroyFailed { .. } => {}
        }
    }

    /// Writes down what the pool asks for.
    pub(crate) fn action(&mut self, action: PoolAction, event: Option<PoolEvent>, now: Instant) {
        match action {
            PoolAction::BootInstance { runner } => {
                self.boots.insert(runner);
                self.runners.insert(runner, RunnerPage::booting(now));
            }
            PoolAction::WelcomeRunner { runner } => {
                self.pause.boot_succeeded();
                self.enter(runner, RunnerPhase::Ready, now);
                self.with(runner, |page| {
                    page.welcomes += 1;
                    page.idle_since = Some(now);
                });
            }
            PoolAction::GrantSlot { caller, runner } => self.grant(caller, runner),
            PoolAction::RejectCaller { caller, .. } => {
                self.answer(caller);
                self.vacate(caller, Place::Done, now);
            }
            PoolAction::ExpireCaller { caller } => self.answer(caller),
            PoolAction::LoseCaller { caller, .. } => {
                self.answer(caller);
                self.vacate(caller, Place::Done, now);
            }
            PoolAction::LoseResidents { caller, .. } => self.vacate(caller, Place::Done, now),
            PoolAction::CancelCall { caller, reason, .. } => {
                if let Some(page) = self.callers.get_mut(&caller)
                    && let Place::Running { cancelled, .. } = &mut page.place
                {
                    *cancelled = Some((now, reason));
                }
            }
            PoolAction::ProposeIdle { runner } => {
                self.with(runner, |page| page.proposed_at = Some(now));
            }
            PoolAction::DrainRunner { runner } => self.drain(runner, event, now),
            PoolAction::DestroyInstance { runner } => self.destroy(runner, event, now),
            PoolAction::ConfirmShutdown => self.confirmed += 1,
            PoolAction::RefuseRunner { .. } => {}
        }
    }

    fn arrives(&mut self, id: CallerId, end: Option<Instant>, queue_end: Option<Instant>) {
        let page = CallerPage {
            arrival: self.callers.len(),
            deadline: end,
            give_up_at: [end, queue_end].into_iter().flatten().min(),
            place: Place::Waiting,
            grants: 0,
            returns: 0,
            answers: 0,
            left: false,
        };
        self.callers.insert(id, page);
        self.floor = self.plan.limits.min();
    }

    fn leaves(&mut self, caller: CallerId) {
        let Some(page) = self.callers.get_mut(&caller) else {
            return;
        };
        match page.place {
            Place::Waiting => {
                page.left = true;
                page.place = Place::Done;
            }
            Place::Running { .. } => page.left |= page.is_awaited(),
            Place::Resident { .. } | Place::Done => {}
        }
    }

    fn ends(&mut self, caller: CallerId, slot: SlotAfter, now: Instant) {
        let Some(Place::Running { runner, .. }) = self.place(caller) else {
            return;
        };
        if self.callers[&caller].is_awaited() {
            self.answer(caller);
        }
        match slot {
            SlotAfter::Free => self.vacate(caller, Place::Done, now),
            SlotAfter::KeptByResidents => {
                self.callers.get_mut(&caller).unwrap().place = Place::Resident { runner };
            }
        }
    }

    fn returns(&mut self, caller: CallerId, now: Instant) {
        if let Some(Place::Running { .. }) = self.place(caller) {
            let place = if self.callers[&caller].is_awaited() {
                Place::Waiting
            } else {
                Place::Done
            };
            self.callers.get_mut(&caller).unwrap().returns += 1;
            self.vacate(caller, place, now);
        }
    }

    fn grant(&mut self, caller: CallerId, runner: RunnerId) {
        if let Some(page) = self.callers.get_mut(&caller) {
            page.grants += 1;
            page.place = Place::Running {
                runner,
                cancelled: None,
            };
        }
        self.with(runner, |page| {
            page.grants += 1;
            page.idle_since = None;
            page.proposed_at = None;
        });
    }

    fn drain(&mut self, runner: RunnerId, event: Option<PoolEvent>, now: Instant) {
        self.enter(runner, RunnerPhase::Draining, now);
        if let Some(PoolEvent::IdleAnswered { .. }) = event
            && self.plan.timeouts.min_idle_shutdown_after.is_some()
        {
            self.floor = self.floor.min(self.ready());
        }
    }

    fn destroy(&mut self, runner: RunnerId, event: Option<PoolEvent>, now: Instant) {
        let Some(page) = self.runners.get(&runner) else {
            return;
        };
        let timed_out = page.since + self.plan.timeouts.boot_timeout <= now;
        if page.phase == RunnerPhase::Booting && timed_out && event.is_none() {
            self.pause.boot_failed(runner, &self.boots, now);
        }
        self.enter(runner, RunnerPhase::Reaping, now);
        self.with(runner, |page| {
            page.destroys += 1;
            page.ended = false;
        });
        for page in self.callers.values_mut() {
            if page.runner() == Some(runner) && !page.is_awaited() {
                page.place = Place::Done;
            }
        }
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

    fn answer(&mut self, caller: CallerId) {
        if let Some(page) = self.callers.get_mut(&caller) {
            page.answers += 1;
        }
    }

    fn enter(&mut self, runner: RunnerId, phase: RunnerPhase, now: Instant) {
        self.with(runner, |page| {
            page.phase = phase;
            page.since = now;
            page.proposed_at = None;
        });
    }

    fn mark_ended(&mut self, runner: RunnerId) {
        self.with(runner, |page| page.ended = true);
    }

    fn with(&mut self, runner: RunnerId, change: impl FnOnce(&mut RunnerPage)) {
        if let Some(page) = self.runners.get_mut(&runner) {
            change(page);
        }
    }

    pub(crate) fn place(&self, caller: CallerId) -> Option<Place> {
        self.callers.get(&caller).map(|page| page.place)
    }

    pub(crate) fn phase(&self, runner: RunnerId) -> Option<RunnerPhase> {
        self.runners.get(&runner).map(|page| page.phase)
    }
}
