//! What the pool is told.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use flame_core::pool::{CallerKind, PoolEvent, PoolLimits, PoolTimeouts, SlotAfter, WorkEnd};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::{Books, CallerPage, Outcome, Place, RunnerPage};

impl Books {
    /// Writes down that time has passed.
    pub(crate) fn time(&mut self, now: Instant) {
        if self.life.drain_until.is_some_and(|at| at <= now) {
            self.life.shut_down();
        }
        self.poison(now);
        let grace = self.plan.timeouts.cancel_grace;
        for page in self.runners.values_mut() {
            if page.cancel_at.is_some_and(|at| at <= now) {
                page.cancel_at = None;
                page.is_out_of_time = true;
                page.kill_at = Some(now + grace);
            }
        }
        self.lapse(now);
    }

    /// A question that is not answered in time was not asked.
    fn lapse(&mut self, now: Instant) {
        let idle_span = self.plan.timeouts.idle_shutdown_after;
        for page in self.runners.values_mut() {
            if let Some(proposal) = page.proposal
                && proposal.at + idle_span <= now
            {
                page.proposal = None;
                page.idle_since = Some(proposal.at + idle_span);
            }
        }
    }

    /// Writes down what the pool is told.
    pub(crate) fn event(&mut self, event: PoolEvent, now: Instant) {
        match event {
            PoolEvent::CheckoutRequested {
                caller,
                kind,
                deadline,
                queue_deadline,
                retries,
                pin,
            } => {
                let page = CallerPage {
                    deadline,
                    give_up_at: [deadline, queue_deadline].into_iter().flatten().min(),
                    retries_left: retries,
                    pin,
                    ..CallerPage::waiting(kind, self.callers.len())
                };
                self.comes(caller, page);
            }
            PoolEvent::CallerGone { caller } => self.leaves(caller),
            PoolEvent::ChildAccepted { caller } => self.accepts(caller),
            PoolEvent::CallEnded { caller, end, slot } => self.ends(caller, end, slot, now),
            PoolEvent::CallReturned { caller } => self.returns(caller, now),
            PoolEvent::ResidentsReleased { caller } => self.releases(caller, now),
            PoolEvent::BootFailed { runner, .. } => {
                if self.phase(runner) == Some(RunnerPhase::Booting) {
                    self.pause.boot_failed(runner, &self.boots, now);
                    self.with(runner, |page| page.ended = true);
                }
            }
            PoolEvent::RunnerDraining { runner } => {
                if self.phase(runner) == Some(RunnerPhase::Ready) {
                    self.enter(runner, RunnerPhase::Draining, now);
                }
            }
            PoolEvent::RunnerFinished { runner } => {
                self.runner_ends(runner);
            }
            PoolEvent::RunnerLost { runner } | PoolEvent::RunnerSilent { runner } => {
                if self.runner_ends(runner) && !self.runners[&runner].has_ended_a_call {
                    self.pause.lost_early(runner, &self.boots, now);
                }
            }
            PoolEvent::InstanceGone { runner } => {
                if self.phase(runner) == Some(RunnerPhase::Reaping) {
                    self.runners.remove(&runner);
                }
            }
            PoolEvent::DestroyFailed { runner } => self.destroy_failed(runner, now),
            PoolEvent::IdleAnswered { runner, idle } => {
                self.with(runner, |page| page.answer_idle(idle, now));
            }
            PoolEvent::LimitsChanged { limits, timeouts } => {
                self.reconfigure(limits, timeouts);
                self.lapse(now);
            }
            PoolEvent::DrainRequested { until } => {
                self.life.drain(until);
                if until.is_some_and(|at| at <= now) {
                    self.life.shut_down();
                }
                self.end_drain();
            }
            PoolEvent::ShutdownRequested => self.life.shut_down(),
            PoolEvent::KillRequested => self.life.kill(),
            PoolEvent::RunnerAttached { .. } => {}
        }
    }

    fn reconfigure(&mut self, limits: PoolLimits, timeouts: PoolTimeouts) {
        if self.life.confirmed > 0 {
            return;
        }
        self.floor = if limits.min() > self.plan.limits.min() {
            limits.min()
        } else {
            self.floor.min(limits.min())
        };
        self.plan.limits = limits;
        self.plan.timeouts = timeouts;
        self.pause.set_lengths(&timeouts);
        let ids: Vec<RunnerId> = self.runners.keys().copied().collect();
        for id in ids {
            let used = self.used(id);
            self.with(id, |page| page.inherited = used);
        }
    }

    /// Whether there was a runner that could end.
    fn runner_ends(&mut self, runner: RunnerId) -> bool {
        let phase = self.phase(runner);
        let ends = phase.is_some_and(|p| p > RunnerPhase::Booting && p < RunnerPhase::Reaping);
        if ends {
            self.with(runner, |page| page.ended = true);
        }
        ends
    }

    /// Work that its caller does not want any more and that does not end in time poisons its runner.
    pub(super) fn poison(&mut self, now: Instant) {
        let mut poisoned = BTreeSet::new();
        for page in self.callers.values() {
            if let Place::Running {
                runner,
                cancelled: Some(cancel),
            } = page.place
                && cancel.is_for_caller()
                && cancel.grace_until <= now
            {
                poisoned.insert(runner);
            }
        }
        for runner in poisoned {
            if let Some(RunnerPhase::Ready | RunnerPhase::Draining) = self.phase(runner) {
                self.enter(runner, RunnerPhase::Poisoned, now);
            }
        }
    }

    fn comes(&mut self, caller: CallerId, page: CallerPage) {
        // No other runner helps those who need left values.
        if page.pin.is_none() {
            self.floor = self.plan.limits.min();
        }
        self.callers.insert(caller, page);
    }

    fn leaves(&mut self, caller: CallerId) {
        let Some(page) = self.callers.get_mut(&caller) else {
            return;
        };
        match page.place {
            Place::Waiting => {
                page.place = Place::Done;
                self.leavings.waiting += 1;
                self.answer(caller, Outcome::Left);
            }
            Place::Running { .. } if page.is_awaited() => {
                self.leavings.running += 1;
                self.answer(caller, Outcome::Left);
            }
            Place::Running { .. } | Place::Resident { .. } | Place::Done => {
                self.leavings.too_late += 1;
            }
        }
    }

    /// A child that lives has no deadline, and no second life.
    fn accepts(&mut self, caller: CallerId) {
        if let Some(page) = self.callers.get_mut(&caller)
            && page.kind == CallerKind::Child
            && page.is_awaited()
            && let Place::Running { .. } = page.place
        {
            page.deadline = None;
            page.give_up_at = None;
            page.retries_left = 0;
        }
    }

    fn ends(&mut self, caller: CallerId, end: WorkEnd, slot: SlotAfter, now: Instant) {
        let Some(Place::Running { runner, .. }) = self.place(caller) else {
            return;
        };
        if self.callers[&caller].is_awaited() {
            let was_lost = self.callers[&caller].lost_on.is_some();
            let outcome = match end {
                WorkEnd::NotStarted if was_lost => Outcome::Lost,
                _ => Outcome::Ended(end),
            };
            self.answer(caller, outcome);
        }
        self.pause.call_ended();
        self.with(runner, |page| {
            page.has_ended_a_call = true;
            page.returns_in_a_row = 0;
        });
        match slot {
            SlotAfter::Free => self.vacate(caller, Place::Done, now),
            SlotAfter::KeptByResidents => {
                self.callers.get_mut(&caller).unwrap().place = Place::Resident { runner };
            }
        }
    }

    fn returns(&mut self, caller: CallerId, now: Instant) {
        if let Some(Place::Running { runner, .. }) = self.place(caller) {
            let place = if self.callers[&caller].is_awaited() {
                self.with(runner, |page| page.returns_in_a_row += 1);
                self.callers.get_mut(&caller).unwrap().returns += 1;
                Place::Waiting
            } else {
                Place::Done
            };
            self.vacate(caller, place, now);
        }
    }

    fn releases(&mut self, caller: CallerId, now: Instant) {
        if let Some(Place::Resident { .. }) = self.place(caller) {
            self.vacate(caller, Place::Done, now);
        }
    }

    fn destroy_failed(&mut self, runner: RunnerId, now: Instant) {
        let (first, cap) = (
            self.plan.timeouts.kill_timeout,
            self.plan.timeouts.boot_backoff_max,
        );
        self.with(runner, |page| {
            if page.phase == RunnerPhase::Reaping && page.destroy_again_at.is_none() {
                let doubled = |pause: Duration, _| (pause * 2).min(cap);
                let pause = (1..page.destroys).fold(first, doubled);
                page.destroy_again_at = Some(now + pause);
            }
        });
    }
}

impl RunnerPage {
    fn answer_idle(&mut self, idle: bool, now: Instant) {
        self.agreed = self.proposal.filter(|_| idle);
        if self.proposal.take().is_some() {
            self.idle_since = Some(now);
        }
    }
}
