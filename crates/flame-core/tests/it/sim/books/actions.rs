//! What the pool asks for.

use std::time::Instant;

use flame_core::pool::{CancelReason, PoolAction, PoolEvent};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::{Books, Cancel, Place, Proposal, RunnerPage};

impl Books {
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
            PoolAction::RejectCaller { caller, .. } | PoolAction::LoseCaller { caller, .. } => {
                self.answer(caller);
                self.vacate(caller, Place::Done, now);
            }
            PoolAction::ExpireCaller { caller } => self.answer(caller),
            PoolAction::LoseResidents { caller, .. } => self.vacate(caller, Place::Done, now),
            PoolAction::CancelCall { caller, reason, .. } => {
                if let Some(page) = self.callers.get_mut(&caller)
                    && let Place::Running { cancelled, .. } = &mut page.place
                {
                    *cancelled = Some(Cancel { at: now, reason });
                    if reason == CancelReason::PoolShutdown {
                        // This is the caller's answer.
                        self.answer(caller);
                    }
                }
            }
            PoolAction::ProposeIdle { runner } => {
                let below_min = self.staying() <= self.target();
                self.with(runner, |page| {
                    page.proposal = Some(Proposal { at: now, below_min });
                });
            }
            PoolAction::DrainRunner { runner } => {
                self.enter(runner, RunnerPhase::Draining, now);
                if let Some(PoolEvent::IdleAnswered { .. }) = event {
                    self.floor = self.floor.min(self.ready());
                }
            }
            PoolAction::DestroyInstance { runner } => self.destroy(runner, event, now),
            PoolAction::ConfirmShutdown => self.confirmed += 1,
            PoolAction::RefuseRunner { .. }
            | PoolAction::RetryCaller { .. }
            | PoolAction::FailBoot { .. }
            | PoolAction::TellLimits { .. } => {}
        }
    }

    fn grant(&mut self, caller: CallerId, runner: RunnerId) {
        if let Some(page) = self.callers.get_mut(&caller) {
            page.grants += 1;
            let cancelled = None;
            page.place = Place::Running { runner, cancelled };
        }
        self.with(runner, |page| {
            page.grants += 1;
            page.idle_since = None;
            page.proposal = None;
        });
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
