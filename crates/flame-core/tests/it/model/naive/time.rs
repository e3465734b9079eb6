//! What is due, and when.

use std::time::Instant;

use flame_core::pool::{CancelReason, PoolAction, RejectReason, TimerReason};
use flame_core::runner::RunnerPhase;

use super::super::caller::{Answer, Holds};
use super::Naive;

impl Naive {
    /// Does what is due, in the order in which it became due.
    pub(super) fn let_time_pass(&mut self, now: Instant) {
        while let Some((_, reason)) = self.alarms().into_iter().filter(|&(at, _)| at <= now).min() {
            self.goes_off(reason, now);
        }
    }

    pub(super) fn is_anything_due(&self, now: Instant) -> bool {
        self.alarms().iter().any(|&(at, _)| at <= now)
    }

    /// When the pool has to be awake, at the latest.
    pub(in super::super) fn next_due(&self) -> Option<Instant> {
        let alarms = self.alarms().into_iter().map(|(at, _)| at);
        let pause = self.pause.latest().filter(|_| self.missing_boots() > 0);
        alarms
            .chain(pause)
            .chain(self.next_idle_check())
            .chain(self.next_give_up())
            .min()
    }

    /// Everything that happens at an instant if nothing comes before it.
    fn alarms(&self) -> Vec<(Instant, TimerReason)> {
        let mut alarms = Vec::new();
        let mut add = |at: Option<Instant>, reason| alarms.extend(at.map(|at| (at, reason)));
        add(self.drains_until(), TimerReason::PoolDrainTimeout);
        for caller in &self.callers {
            let id = caller.id;
            if caller.waits() {
                add(
                    caller.queue_deadline,
                    TimerReason::QueueDeadline { caller: id },
                );
            }
            if caller.answer.is_none() {
                add(caller.deadline, TimerReason::CallDeadline { caller: id });
            }
            if let Some(slot) = caller.slot
                && let Holds::CancelledWork { grace_until } = slot.holds
            {
                add(grace_until, TimerReason::CancelGrace { caller: id });
            }
        }
        for runner in &self.runners {
            let id = runner.id;
            if runner.is_booting() {
                add(runner.boot_until, TimerReason::BootTimeout { runner: id });
            }
            if runner.lives() {
                add(runner.drain_until, TimerReason::DrainTimeout { runner: id });
                add(
                    runner.drain_grace_until,
                    TimerReason::DrainGrace { runner: id },
                );
                add(
                    runner.poison_until,
                    TimerReason::PoisonTimeout { runner: id },
                );
            }
            if runner.phase == RunnerPhase::Reaping {
                add(
                    runner.destroy_again_at,
                    TimerReason::DestroyRetry { runner: id },
                );
            }
        }
        alarms
    }

    fn goes_off(&mut self, reason: TimerReason, now: Instant) {
        match reason {
            TimerReason::QueueDeadline { caller } => {
                self.reject(caller, RejectReason::QueueTimeout);
            }
            TimerReason::CallDeadline { caller } => {
                if self.caller(caller).is_some_and(|caller| caller.waits()) {
                    return self.reject(caller, RejectReason::QueueTimeout);
                }
                self.answer(caller, Answer::Expired);
                self.act(PoolAction::ExpireCaller { caller });
                self.cancel(caller, CancelReason::DeadlinePassed, now);
            }
            TimerReason::CancelGrace { caller } => {
                let slot = self.caller(caller).and_then(|caller| caller.slot.as_mut());
                if let Some(slot) = slot {
                    slot.holds = Holds::CancelledWork { grace_until: None };
                    let runner = slot.runner;
                    self.poison(runner, now);
                }
            }
            TimerReason::BootTimeout { runner } => {
                self.act(PoolAction::FailBoot { runner });
                self.give_up_failed_boot(runner, now);
            }
            TimerReason::DrainTimeout { runner } => self.cancel_what_drains(runner, now),
            TimerReason::DrainGrace { runner } | TimerReason::PoisonTimeout { runner } => {
                self.end(runner);
            }
            TimerReason::PoolDrainTimeout => self.shut_down(now),
            TimerReason::DestroyRetry { runner } => {
                if let Some(runner) = self.runner(runner) {
                    runner.destroy_again_at = None;
                }
                self.destroy(runner);
            }
            TimerReason::BootRetry | TimerReason::IdleCheck | TimerReason::SurplusBoot => {
                unreachable!("the model settles {reason:?}, and sets no alarm for it")
            }
        }
    }
}
