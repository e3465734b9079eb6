//! What the pool owes to whom, after everything that happens.

use std::time::Instant;

use flame_core::pool::{DrainReason, Placement, PoolAction, PoolStage, RejectReason, Reuse};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::super::caller::{Answer, Caller, Holds, Slot};
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
        self.reject_the_stranded();
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
        for caller in ids(&self.waiting()) {
            self.reject(caller, reason);
        }
    }

    /// Gives slots to those who wait, the first of them first; who can have none stands in nobody's way.
    fn grant(&mut self, choice: Choice<'_>) {
        for caller in ids(&self.waiting()) {
            let pin = self.caller(caller).and_then(|caller| caller.pin);
            let place = match pin {
                Some(pin) => self.place_beside(pin),
                None => {
                    let before = self.grants_in_this_step(caller);
                    let runner = choice.place(caller, before, &self.best_runners());
                    runner.map(|runner| (runner, None))
                }
            };
            let Some((id, shared_with)) = place else {
                continue;
            };
            if let Some(caller) = self.caller(caller) {
                let kind = caller.kind;
                caller.was_granted = true;
                caller.slot = Some(Slot {
                    runner: id,
                    first: shared_with.unwrap_or(caller.id),
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
        let runners = self.runners.iter();
        let with_room: Vec<_> = runners.filter(|runner| self.has_room(runner.id)).collect();
        let work = with_room.iter().map(|runner| self.used(runner.id));
        let best = match self.limits.placement() {
            Placement::Spread => work.min(),
            Placement::Pack => work.max(),
        };
        let is_best = |runner: &&&Runner| Some(self.used(runner.id)) == best;
        let best = with_room.iter().filter(is_best);
        best.map(|runner| runner.id).collect()
    }

    /// Whether a runner has a free slot.
    pub(super) fn has_room(&self, id: RunnerId) -> bool {
        let runner = self.runners.iter().find(|runner| runner.id == id);
        let takes_calls = runner.is_some_and(|runner| self.takes_calls(runner));
        takes_calls && self.used(id) < self.limits.max_concurrency()
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

    /// When no boot can succeed and no runner serves, everybody who waits for any runner is told.
    fn reject_where_hope_is_gone(&mut self, news: News) {
        if news == News::Hopeless && !self.runners.iter().any(|runner| self.takes_calls(runner)) {
            for caller in ids(&self.waiting_unpinned()) {
                self.reject(caller, RejectReason::BootFailed);
            }
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

fn ids(callers: &[&Caller]) -> Vec<CallerId> {
    callers.iter().map(|caller| caller.id).collect()
}
