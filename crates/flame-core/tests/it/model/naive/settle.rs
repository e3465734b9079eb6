//! What the pool owes to whom, after everything that happens.

use std::time::Instant;

use flame_core::pool::{DrainReason, Placement, PoolAction, PoolStage, RejectReason, Reuse};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::super::caller::{Answer, Holds, Slot};
use super::super::choice::Choice;
use super::super::runner::Runner;
use super::{Grant, Naive, News};

impl Naive {
    /// Every promise of a pool, one after the other.
    pub(super) fn settle(&mut self, news: News, now: Instant, choice: Choice<'_>) {
        if !self.stage.serves() {
            self.reject_all(RejectReason::PoolShutdown);
        }
        self.let_time_pass(now);
        self.drain_the_surplus(now, choice);
        self.let_used_runners_go(now);
        self.grant(choice);
        self.reject_where_hope_is_gone(news);
        self.drain_the_idle(now);
        if self.is_drained() {
            self.shut_down(now);
        }
        self.boot_and_give_up(now, choice);
        self.ask_the_idle(now, choice);
        self.confirm_the_end();
        // A drain that has just begun may have no time at all.
        if self.is_anything_due(now) {
            self.settle(News::Other, now, choice);
        }
    }

    /// Tells a caller that its work was not started, or, if it may have been, on a runner that was lost since,
    /// that.
    pub(super) fn reject(&mut self, caller: CallerId, reason: RejectReason) {
        let lost_on = self.caller(caller).and_then(|caller| caller.lost_on);
        if let Some(runner) = lost_on {
            self.answer(caller, Answer::Lost);
            self.act(PoolAction::LoseCaller { caller, runner });
        } else {
            self.answer(caller, Answer::Rejected(reason));
            self.act(PoolAction::RejectCaller { caller, reason });
        }
    }

    pub(super) fn reject_all(&mut self, reason: RejectReason) {
        while let Some(caller) = self.first() {
            self.reject(caller, reason);
        }
    }

    /// Gives slots to those who wait, the first of them first.
    fn grant(&mut self, choice: Choice<'_>) {
        while let Some(caller) = self.first() {
            let before = self.grants_in_this_step(caller);
            let Some(id) = choice.place(caller, before, &self.best_runners()) else {
                return;
            };
            if let Some(caller) = self.caller(caller) {
                let kind = caller.kind;
                caller.was_granted = true;
                caller.slot = Some(Slot {
                    runner: id,
                    holds: Holds::Work,
                });
                self.tally.push((kind, Grant::Given));
            }
            if let Some(runner) = self.runner(id) {
                runner.was_granted = true;
                runner.is_asked = false;
            }
            self.act(PoolAction::GrantSlot { caller, runner: id });
        }
    }

    fn first(&self) -> Option<CallerId> {
        self.waiting().first().map(|caller| caller.id)
    }

    fn grants_in_this_step(&self, to: CallerId) -> usize {
        let grantees = self.actions.iter().filter_map(|action| match *action {
            PoolAction::GrantSlot { caller, .. } => Some(caller),
            _ => None,
        });
        grantees.filter(|&caller| caller == to).count()
    }

    /// The runners that may get the next call: of those with a free slot the ones with the least work, or
    /// with the most, as the owner of the pool likes it.
    pub(super) fn best_runners(&self) -> Vec<RunnerId> {
        let has_room = |runner: &&Runner| {
            self.takes_calls(runner) && self.used(runner.id) < self.limits.max_concurrency()
        };
        let with_room: Vec<_> = self.runners.iter().filter(has_room).collect();
        let work = with_room.iter().map(|runner| self.used(runner.id));
        let best = match self.limits.placement() {
            Placement::Spread => work.min(),
            Placement::Pack => work.max(),
        };
        let is_best = |runner: &&&Runner| Some(self.used(runner.id)) == best;
        let best = with_room.iter().filter(is_best);
        best.map(|runner| runner.id).collect()
    }

    /// Whether a runner may ever be given a call again.
    fn takes_calls(&self, runner: &Runner) -> bool {
        runner.is_ready() && !self.is_used_up(runner)
    }

    pub(super) fn is_used_up(&self, runner: &Runner) -> bool {
        match self.limits.reuse() {
            Reuse::Many => false,
            Reuse::SingleUse => runner.was_granted,
        }
    }

    /// When no boot can succeed and no runner serves, everybody who waits is told.
    fn reject_where_hope_is_gone(&mut self, news: News) {
        if news == News::Hopeless && !self.runners.iter().any(|runner| self.takes_calls(runner)) {
            self.reject_all(RejectReason::BootFailed);
        }
    }

    /// Runners that have had their one call are drained, and poisoned ones with nothing left that anybody
    /// wants are ended.
    fn let_used_runners_go(&mut self, now: Instant) {
        for place in 0..self.runners.len() {
            let runner = &self.runners[place];
            let id = runner.id;
            if runner.is_ready() && self.is_used_up(runner) && self.used(id) == 0 {
                self.drain(id, DrainReason::UsedUp, now);
            } else if runner.phase == RunnerPhase::Poisoned && !self.is_worth_keeping(id) {
                self.end(id);
            }
        }
    }

    /// The pool has ended when nothing is left of any of its runners.
    fn confirm_the_end(&mut self) {
        let all_gone = self.count(RunnerPhase::Gone) == self.runners.len();
        let is_ending = match self.stage {
            PoolStage::Open | PoolStage::Draining | PoolStage::Ended => false,
            PoolStage::ShuttingDown | PoolStage::Killing => true,
        };
        if is_ending && all_gone {
            self.stage = PoolStage::Ended;
            self.act(PoolAction::ConfirmShutdown);
        }
    }
}
