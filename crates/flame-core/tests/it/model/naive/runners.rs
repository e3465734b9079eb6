//! What runners and their instances do, and how they go.

use std::time::{Duration, Instant};

use flame_core::pool::{DrainReason, PoolAction, Retry};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::super::caller::{Answer, Holds};
use super::{Grant, Naive, News, SHORTEST, after};

impl Naive {
    /// An instance calls back. Only a boot that is under way is welcome.
    pub(super) fn runner_attached(&mut self, id: RunnerId, now: Instant) {
        match self.runner(id) {
            Some(runner) if runner.is_booting() => {
                runner.phase = RunnerPhase::Ready;
                runner.idle_since = now;
                self.pause.failed_boots.end();
                self.silent.clear();
                self.act(PoolAction::WelcomeRunner { runner: id });
            }
            Some(_) | None => self.act(PoolAction::RefuseRunner { runner: id }),
        }
    }

    /// A boot ends without a runner.
    pub(super) fn boot_failed(&mut self, id: RunnerId, retry: Retry, now: Instant) -> News {
        match self.runner(id) {
            Some(runner) if runner.is_booting() => self.give_up_failed_boot(id, now),
            Some(_) | None => {
                self.ignore();
                return News::Other;
            }
        }
        match retry {
            Retry::Later => News::Other,
            Retry::Never => News::Hopeless,
        }
    }

    /// A boot failed or took too long: the next one begins after a pause.
    pub(super) fn give_up_failed_boot(&mut self, id: RunnerId, now: Instant) {
        let next_boot = self.next_boot().0;
        self.pause
            .failed_boots
            .count(id, next_boot, 0, &self.timeouts, now);
        self.destroy(id);
    }

    /// A runner announces that it drains.
    pub(super) fn runner_draining(&mut self, id: RunnerId, now: Instant) {
        match self.runner(id) {
            Some(runner) if runner.is_ready() => self.begins_to_drain(id, now),
            Some(runner) if runner.lives() => {}
            Some(_) | None => self.ignore(),
        }
    }

    /// Tells a runner to finish what it has.
    pub(super) fn drain(&mut self, id: RunnerId, reason: DrainReason, now: Instant) {
        self.begins_to_drain(id, now);
        self.act(PoolAction::DrainRunner { runner: id, reason });
    }

    fn begins_to_drain(&mut self, id: RunnerId, now: Instant) {
        let drain_until = after(now, self.timeouts.shutdown_timeout);
        if let Some(runner) = self.runner(id) {
            runner.phase = RunnerPhase::Draining;
            runner.is_asked = false;
            runner.drain_until = drain_until;
        }
    }

    pub(super) fn runner_finished(&mut self, id: RunnerId) {
        match self.runner(id) {
            Some(runner) if runner.lives() => self.end(id),
            Some(_) | None => self.ignore(),
        }
    }

    /// A runner is lost. One that has never ended a call may be a copy that crashes as soon as it runs.
    pub(super) fn runner_lost(&mut self, id: RunnerId, now: Instant) {
        let next_boot = self.next_boot().0;
        match self.runner(id) {
            Some(runner) if runner.lives() => {
                if !runner.has_ended_a_call {
                    self.pause
                        .early_losses
                        .count(id, next_boot, 1, &self.timeouts, now);
                }
                self.end(id);
            }
            Some(_) | None => self.ignore(),
        }
    }

    /// A runner is lost because it is silent. When it is not the only one, and nobody is left who is not, then it may
    /// be the pool that hears nothing.
    pub(super) fn runner_silent(&mut self, id: RunnerId, now: Instant) {
        let lived = self.runner(id).is_some_and(|runner| runner.lives());
        self.runner_lost(id, now);
        if !lived {
            return;
        }
        let long = Duration::from_secs(30);
        if self.silent.last().is_some_and(|&last| now - last > long) {
            self.silent.clear();
        }
        self.silent.push(now);
        let others = self.runners.iter().filter(|runner| runner.lives()).count();
        if self.silent.len() >= 2 && others == 0 {
            self.silent.clear();
            self.suspicions += 1;
            self.pause.early_losses.pauses_once(&self.timeouts, now);
            self.act(PoolAction::SuspectLink);
        }
    }

    /// A runner is no more. Whoever waits for work on it is told, unless the work may be begun again; the
    /// owners of values there are told too.
    pub(super) fn end(&mut self, id: RunnerId) {
        for place in 0..self.callers.len() {
            if self.callers[place].is_on(id) {
                let caller = self.callers[place].id;
                self.lose(caller, id);
            }
        }
        self.destroy(id);
    }

    fn lose(&mut self, id: CallerId, runner: RunnerId) {
        let serves = self.stage.serves();
        let Some(caller) = self.caller(id) else {
            return;
        };
        let (kind, runs, has_values) = (caller.kind, caller.runs(), caller.has_values());
        let is_uncancelled = caller.slot.is_some_and(|slot| slot.holds == Holds::Work);
        // What is pinned needs what is lost as well.
        let may_move = caller.retries > 0 && caller.pin.is_none();
        let is_retried = runs && is_uncancelled && serves && may_move;
        caller.slot = None;
        if is_retried {
            caller.retries -= 1;
            // It had its slot in time.
            caller.queue_deadline = None;
            caller.lost_on = Some(runner);
            self.tally.push((kind, Grant::Retried));
            self.act(PoolAction::RetryCaller { caller: id, runner });
        } else if runs {
            self.answer(id, Answer::Lost);
            self.act(PoolAction::LoseCaller { caller: id, runner });
        } else if has_values {
            self.act(PoolAction::LoseResidents { caller: id, runner });
        }
    }

    /// The backend is asked to destroy an instance, whatever it was.
    pub(super) fn destroy(&mut self, id: RunnerId) {
        if let Some(runner) = self.runner(id) {
            runner.phase = RunnerPhase::Reaping;
            runner.is_asked = false;
            runner.is_destroy_asked = true;
        }
        self.act(PoolAction::DestroyInstance { runner: id });
    }

    pub(super) fn instance_gone(&mut self, id: RunnerId) {
        match self.runner(id) {
            Some(runner) if runner.phase == RunnerPhase::Reaping => {
                runner.phase = RunnerPhase::Gone;
            }
            Some(_) | None => self.ignore(),
        }
    }

    /// The backend could not destroy an instance: it is asked again after a pause that doubles.
    pub(super) fn destroy_failed(&mut self, id: RunnerId, now: Instant) {
        let (first, longest) = (self.timeouts.kill_timeout, self.timeouts.boot_backoff_max);
        match self.runner(id) {
            Some(runner) if runner.phase == RunnerPhase::Reaping && runner.is_destroy_asked => {
                let mut pause = first.max(SHORTEST);
                for _ in 0..runner.failed_destroys {
                    pause *= 2;
                }
                runner.failed_destroys += 1;
                runner.is_destroy_asked = false;
                runner.destroy_again_at = after(now, pause.min(longest));
            }
            Some(_) | None => self.ignore(),
        }
    }

    /// Whether a poisoned runner has anything that somebody wants.
    pub(super) fn is_worth_keeping(&self, id: RunnerId) -> bool {
        let mut on_it = self.callers.iter().filter(|caller| caller.is_on(id));
        on_it.any(|caller| caller.runs() || caller.has_values())
    }

    /// Work on a runner ignores its cancel: it gets nothing new, and its neighbors have a last span of time,
    /// or what is left of it if the runner drains.
    pub(super) fn poison(&mut self, id: RunnerId, now: Instant) {
        let poison_until = after(now, self.timeouts.shutdown_timeout);
        if let Some(runner) = self.runner(id)
            && runner.phase != RunnerPhase::Poisoned
        {
            if runner.phase == RunnerPhase::Ready {
                runner.poison_until = poison_until;
            }
            runner.phase = RunnerPhase::Poisoned;
            runner.is_asked = false;
        }
    }

    /// Work on a runner that should have ended by itself is cancelled, if anybody wants it; the rest was
    /// cancelled before.
    pub(super) fn cancel_what_drains(&mut self, id: RunnerId, now: Instant) {
        use flame_core::pool::CancelReason::{DrainTimeout, PoolShutdown};

        let reason = match self.stage.serves() {
            true => DrainTimeout,
            false => PoolShutdown,
        };
        for place in 0..self.callers.len() {
            let caller = &self.callers[place];
            if caller
                .slot
                .is_some_and(|slot| slot.runner == id && slot.holds == Holds::Work)
            {
                let caller = caller.id;
                self.cancel(caller, reason, now);
            }
        }
        let grace_until = after(now, self.timeouts.cancel_grace);
        if let Some(runner) = self.runner(id) {
            runner.drain_until = None;
            runner.drain_grace_until = grace_until;
        }
    }
}
