//! What the pool asks for.

use std::time::Instant;

use flame_core::pool::{CancelReason, PoolAction, PoolEvent, WorkEnd};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::{Books, Cancel, Outcome, Place, Proposal, RunnerPage, Told};

impl Books {
    /// Writes down what the pool asks for.
    pub(crate) fn action(&mut self, action: PoolAction, event: Option<PoolEvent>, now: Instant) {
        match action {
            PoolAction::BootInstance { runner } => {
                self.boots.insert(runner);
                let boot_until = now + self.plan.timeouts.boot_timeout;
                self.runners.insert(runner, RunnerPage::booting(boot_until));
            }
            PoolAction::WelcomeRunner { runner } => {
                self.pause.boot_succeeded();
                self.enter(runner, RunnerPhase::Ready, now);
                let told = Told::of(&self.plan.limits, &self.plan.timeouts);
                self.with(runner, |page| {
                    page.told = Some(told);
                    page.welcomes += 1;
                    page.idle_since = Some(now);
                });
            }
            PoolAction::GrantSlot { caller, runner } => self.grant(caller, runner),
            PoolAction::RejectCaller { caller, reason } => {
                self.vacate(caller, Place::Done, now);
                self.answer(caller, Outcome::Rejected(reason));
            }
            PoolAction::LoseCaller { caller, .. } => {
                self.vacate(caller, Place::Done, now);
                self.answer(caller, Outcome::Lost);
            }
            PoolAction::RetryCaller { caller, runner } => self.retry(caller, runner, now),
            PoolAction::ExpireCaller { caller } => self.answer(caller, Outcome::Expired),
            PoolAction::LoseResidents { caller, .. } => self.vacate(caller, Place::Done, now),
            PoolAction::CancelCall { caller, reason, .. } => {
                let grace_until = now + self.plan.timeouts.cancel_grace;
                if let Some(page) = self.callers.get_mut(&caller)
                    && let Place::Running { cancelled, .. } = &mut page.place
                {
                    *cancelled = Some(Cancel {
                        grace_until,
                        reason,
                    });
                }
                if reason == CancelReason::PoolShutdown {
                    self.answer(caller, Outcome::Ended(WorkEnd::Cancelled));
                }
            }
            PoolAction::ProposeIdle { runner } => self.propose(runner, now),
            PoolAction::DrainRunner { runner, .. } => {
                self.enter(runner, RunnerPhase::Draining, now);
                // Time that passes in one leap may hold the drain before the poison.
                self.poison(now);
                if let Some(PoolEvent::IdleAnswered { .. }) = event {
                    self.floor = self.floor.min(self.ready());
                }
            }
            PoolAction::FailBoot { runner } => {
                self.pause.boot_failed(runner, &self.boots, now);
                self.with(runner, |page| page.is_failed = true);
            }
            PoolAction::SuspectLink => self.pause.link_suspected(now),
            PoolAction::TellLimits { runner } => {
                let told = Told::of(&self.plan.limits, &self.plan.timeouts);
                self.with(runner, |page| page.told = Some(told));
            }
            PoolAction::DestroyInstance { runner } => self.destroy(runner, now),
            PoolAction::ConfirmShutdown => self.life.confirmed += 1,
            PoolAction::RefuseRunner { .. } => {}
        }
    }

    fn propose(&mut self, runner: RunnerId, now: Instant) {
        let below_min = self.staying() <= self.target();
        self.with(runner, |page| {
            page.proposal = Some(Proposal { at: now, below_min });
        });
    }

    fn grant(&mut self, caller: CallerId, runner: RunnerId) {
        let slot = self.slot_for(caller);
        if let Some(page) = self.callers.get_mut(&caller) {
            page.grants += 1;
            page.slot = Some(slot);
            let cancelled = None;
            page.place = Place::Running { runner, cancelled };
        }
        self.with(runner, |page| {
            page.grants += 1;
            page.idle_since = None;
            page.proposal = None;
        });
    }

    /// The caller goes back to where it stood in the queue.
    fn retry(&mut self, caller: CallerId, runner: RunnerId, now: Instant) {
        self.vacate(caller, Place::Waiting, now);
        if let Some(page) = self.callers.get_mut(&caller) {
            page.retried += 1;
            page.retries_left -= 1;
            page.lost_on = Some(runner);
            page.give_up_at = page.deadline;
        }
    }

    fn destroy(&mut self, runner: RunnerId, now: Instant) {
        if self.phase(runner) == Some(RunnerPhase::Booting) && self.is_surplus_over(now) {
            self.surplus_since.drain(..self.surplus_since.len().min(1));
        }
        self.enter(runner, RunnerPhase::Reaping, now);
        self.with(runner, |page| {
            page.destroys += 1;
            page.destroy_again_at = None;
            page.ended = false;
        });
        // What nobody waits for ends without a word.
        for page in self.callers.values_mut() {
            if let Place::Running { runner: its, .. } = page.place
                && its == runner
                && !page.is_awaited()
            {
                page.place = Place::Done;
            }
        }
    }
}
