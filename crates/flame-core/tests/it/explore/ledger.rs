use std::collections::BTreeMap;
use std::time::Instant;

use flame_core::pool::{PoolEvent, PoolLimits, PoolStage, PoolState, Retry, Reuse, SlotAfter};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::options::Step;
use super::scope::{Misfortunes, Scope};
use crate::script;

/// A pool, and what the world around it knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) pool: PoolState,
    pub(super) now: Instant,
    pub(super) callers: BTreeMap<CallerId, Place>,
    /// Whose left values a caller needs.
    pub(super) pins: BTreeMap<CallerId, CallerId>,
    /// Who took the slot first that a caller has, or had last.
    pub(super) slots: BTreeMap<CallerId, CallerId>,
    pub(super) runners: BTreeMap<RunnerId, Runner>,
    pub(super) to_come: Misfortunes,
    /// The limits that the owner wants.
    pub(super) limits: PoolLimits,
    /// The most slots that a runner ever had.
    pub(super) most_slots: usize,
    pub(super) limits_changed: bool,
    pub(super) trials: BTreeMap<CallerId, Trial>,
    pub(super) draining: bool,
    pub(super) drain_until: Option<Instant>,
    pub(super) shutting_down: bool,
    pub(super) killed: bool,
    pub(super) ended: bool,
    pub(super) boots: u64,
    /// A boot has failed, and none has succeeded since.
    pub(super) no_boot_before: Option<Instant>,
    /// Runners lost since a call has ended.
    pub(super) losses_in_a_row: u8,
}

/// Where a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Waiting,
    On { runner: RunnerId, what: Use },
    Over,
}

/// What takes a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    Work { awaited: bool, cancelled: bool },
    Values,
}

/// How often a caller's work may be begun again, and where it was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Trial {
    pub(super) left: u32,
    pub(super) lost_on: Option<RunnerId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Runner {
    pub(super) phase: RunnerPhase,
    /// When it was asked to go.
    pub(super) asked_at: Option<Instant>,
    pub(super) was_used: bool,
    /// The backend owes an answer about its instance.
    pub(super) being_destroyed: bool,
}

impl Node {
    pub(super) fn begin(scope: &Scope) -> Self {
        let mut node = Self {
            pool: PoolState::new(scope.limits(), scope.timeouts(), 0),
            now: script::clock(),
            callers: BTreeMap::new(),
            pins: BTreeMap::new(),
            slots: BTreeMap::new(),
            runners: BTreeMap::new(),
            to_come: scope.misfortunes,
            limits: scope.limits(),
            most_slots: scope.limits().max_concurrency(),
            limits_changed: false,
            trials: BTreeMap::new(),
            draining: false,
            drain_until: None,
            shutting_down: false,
            killed: false,
            ended: false,
            boots: 0,
            no_boot_before: None,
            losses_in_a_row: 0,
        };
        node.pool.handle_timeout(node.now);
        node.carry_out(None, scope);
        node
    }

    /// Lets one thing happen, and writes down what the pool does about it.
    pub(super) fn take(&mut self, step: Step, scope: &Scope) {
        match step {
            Step::Wake => {
                let (at, _) = self.pool.poll_timeout().unwrap();
                self.now = at;
                self.shutting_down |= self.drain_until.is_some_and(|until| until <= at);
                self.pool.handle_timeout(at);
                self.carry_out(None, scope);
            }
            Step::News(event) => {
                let ignored = self.pool.counts().ignored;
                self.write_event(event);
                self.end_drain();
                self.pool.handle_event(event, self.now);
                self.carry_out(Some(event), scope);
                self.expect_destruction(event);
                assert_eq!(self.pool.counts().ignored, ignored, "not heard");
            }
        }
    }

    /// Those who wait, in the order in which they came.
    pub(super) fn waiting(&self) -> impl Iterator<Item = CallerId> {
        let all = self.callers.iter();
        let waiting = all.filter(|(_, place)| **place == Place::Waiting);
        waiting.map(|(&id, _)| id)
    }

    /// How far the pool should be.
    pub(super) fn stage(&self) -> PoolStage {
        match (self.ended, self.killed, self.shutting_down, self.draining) {
            (true, ..) => PoolStage::Ended,
            (_, true, ..) => PoolStage::Killing,
            (_, _, true, _) => PoolStage::ShuttingDown,
            (_, _, _, true) => PoolStage::Draining,
            _ => PoolStage::Open,
        }
    }

    /// What takes the slots of a runner.
    pub(super) fn on(&self, id: RunnerId) -> impl Iterator<Item = (CallerId, Use)> {
        self.callers
            .iter()
            .filter_map(move |(&caller, &place)| match place {
                Place::On { runner, what } if runner == id => Some((caller, what)),
                Place::On { .. } | Place::Waiting | Place::Over => None,
            })
    }

    pub(super) fn in_phase(&self, phase: RunnerPhase) -> impl Iterator<Item = RunnerId> {
        let runners = self
            .runners
            .iter()
            .filter(move |(_, runner)| runner.phase == phase);
        runners.map(|(&id, _)| id)
    }

    /// Whether a runner may be granted a slot.
    pub(super) fn is_open(&self, id: RunnerId, scope: &Scope) -> bool {
        let runner = self.runners[&id];
        let is_spent = scope.reuse == Reuse::SingleUse && runner.was_used;
        let has_room = self.used(id) < self.limits.max_concurrency();
        runner.phase == RunnerPhase::Ready && has_room && !is_spent
    }

    /// Whether the pool waits for the runner's answer to its question.
    pub(super) fn is_asked_to_go(&self, id: RunnerId) -> bool {
        let patience = self.pool.timeouts().idle_shutdown_after;
        let asked_at = self.runners.get(&id).and_then(|runner| runner.asked_at);
        asked_at.is_some_and(|at| self.now < at + patience)
    }

    fn write_event(&mut self, event: PoolEvent) {
        match event {
            PoolEvent::CheckoutRequested {
                caller,
                retries,
                pin,
                ..
            } => self.come(caller, retries, pin),
            PoolEvent::CallerGone { caller } => self.leave(caller),
            PoolEvent::CallEnded { caller, slot, .. } => self.end_work(caller, slot),
            PoolEvent::CallReturned { caller } => {
                self.to_come.returns -= 1;
                let place = if self.is_awaited(caller) {
                    Place::Waiting
                } else {
                    Place::Over
                };
                self.callers.insert(caller, place);
            }
            PoolEvent::ResidentsReleased { caller } => self.end(caller),
            PoolEvent::BootFailed { retry, .. } => {
                match retry {
                    Retry::Later => self.to_come.boot_failures -= 1,
                    Retry::Never => self.to_come.hopeless_boots -= 1,
                }
                self.no_boot_before = Some(self.now + self.pool.timeouts().boot_backoff_first);
            }
            PoolEvent::IdleAnswered { runner, .. } => {
                self.change(runner, |runner| runner.asked_at = None);
            }
            PoolEvent::RunnerDraining { runner } => {
                self.to_come.drains -= 1;
                self.change(runner, |runner| runner.phase = RunnerPhase::Draining);
            }
            PoolEvent::RunnerLost { .. } | PoolEvent::RunnerSilent { .. } => {
                self.to_come.losses -= 1;
                self.losses_in_a_row += 1;
            }
            PoolEvent::InstanceGone { runner } => {
                self.runners.remove(&runner);
            }
            PoolEvent::DestroyFailed { runner } => {
                self.to_come.destroy_failures -= 1;
                self.change(runner, |runner| runner.being_destroyed = false);
            }
            PoolEvent::LimitsChanged { limits, .. } => {
                self.to_come.limit_changes -= 1;
                self.limits = limits;
                self.limits_changed = true;
                self.most_slots = self.most_slots.max(limits.max_concurrency());
            }
            PoolEvent::DrainRequested { until } => {
                self.to_come.pool_drains -= 1;
                self.draining = true;
                self.drain_until = until.or(self.drain_until);
            }
            PoolEvent::ShutdownRequested => self.shutting_down = true,
            PoolEvent::KillRequested => {
                self.to_come.kills -= 1;
                self.killed = true;
                self.shutting_down = true;
            }
            // There are no children here, so nobody is accepted.
            PoolEvent::ChildAccepted { .. } => {}
            // What becomes of these is for the pool to say.
            PoolEvent::RunnerAttached { .. } | PoolEvent::RunnerFinished { .. } => {}
        }
    }

    /// Whatever ends without the backend's word is destroyed at once.
    fn expect_destruction(&self, event: PoolEvent) {
        if let PoolEvent::BootFailed { runner, .. }
        | PoolEvent::RunnerLost { runner }
        | PoolEvent::RunnerSilent { runner }
        | PoolEvent::RunnerFinished { runner } = event
        {
            assert!(self.runners[&runner].being_destroyed, "{runner} lives on");
        }
    }

    fn come(&mut self, caller: CallerId, retries: u32, pin: Option<CallerId>) {
        self.pins.extend(pin.map(|group| (caller, group)));
        let trial = Trial {
            left: retries,
            lost_on: None,
        };
        self.trials.insert(caller, trial);
        self.callers.insert(caller, Place::Waiting);
    }

    fn end_work(&mut self, caller: CallerId, slot: SlotAfter) {
        self.losses_in_a_row = 0;
        match slot {
            SlotAfter::Free => self.end(caller),
            SlotAfter::KeptByResidents => {
                self.to_come.left_values -= 1;
                if let Some(Place::On { what, .. }) = self.callers.get_mut(&caller) {
                    *what = Use::Values;
                }
            }
        }
    }

    fn leave(&mut self, caller: CallerId) {
        match self.callers[&caller] {
            Place::Waiting => self.end(caller),
            Place::On { .. } => self.stop_awaiting(caller),
            Place::Over => panic!("{caller} left already"),
        }
    }

    /// Notes that nobody waits for the caller's work any more.
    pub(super) fn stop_awaiting(&mut self, caller: CallerId) {
        self.change_work(caller, |awaited, _| *awaited = false);
    }

    /// Changes whether work is awaited, and whether it is cancelled.
    pub(super) fn change_work(
        &mut self,
        caller: CallerId,
        change: impl FnOnce(&mut bool, &mut bool),
    ) {
        let Some(Place::On {
            what: Use::Work { awaited, cancelled },
            ..
        }) = self.callers.get_mut(&caller)
        else {
            panic!("{caller} has no work");
        };
        change(awaited, cancelled);
    }

    pub(super) fn is_awaited(&self, caller: CallerId) -> bool {
        match self.callers[&caller] {
            Place::Waiting => true,
            Place::On {
                what: Use::Work { awaited, .. },
                ..
            } => awaited,
            Place::On {
                what: Use::Values, ..
            }
            | Place::Over => false,
        }
    }

    pub(super) fn end(&mut self, caller: CallerId) {
        self.callers.insert(caller, Place::Over);
    }

    pub(super) fn change(&mut self, runner: RunnerId, change: impl FnOnce(&mut Runner)) {
        change(self.runners.get_mut(&runner).unwrap());
    }

    fn carry_out(&mut self, news: Option<PoolEvent>, scope: &Scope) {
        // Whoever needed values there is told so by an action.
        self.write_poisoned();
        while let Some(action) = self.pool.poll_action() {
            self.write_action(action, news, scope);
            self.end_drain();
        }
        self.write_poisoned();
    }

    /// A pool that drains shuts down as soon as nobody waits for anything.
    fn end_drain(&mut self) {
        let is_awaited = self.callers.keys().any(|&caller| self.is_awaited(caller));
        self.shutting_down |= self.draining && !is_awaited;
    }

    /// Notes which runners the pool has given up on; no action tells. There must be a reason for it.
    fn write_poisoned(&mut self) {
        for (id, phase, _) in self.pool.runners() {
            let runner = self.runners.get(&id).copied();
            if phase == RunnerPhase::Poisoned
                && let Some(mut runner) = runner
                && runner.phase != RunnerPhase::Poisoned
            {
                let is_stuck = |(_, what)| {
                    what == Use::Work {
                        awaited: false,
                        cancelled: true,
                    }
                };
                assert!(self.on(id).any(is_stuck), "{id} is poisoned without cause");
                runner.phase = phase;
                self.runners.insert(id, runner);
            }
        }
    }
}
