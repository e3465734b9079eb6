//! Where a pool gets seldom, and has to be led.

use flame_core::pool::PoolStage;
use flame_core::runner::RunnerPhase;

use super::super::caller::Caller;
use super::super::runner::Runner;
use super::Naive;

impl Naive {
    /// The corners that the pool is in.
    pub(in super::super) fn corners(&self) -> Vec<&'static str> {
        let some_caller = |is: &dyn Fn(&Caller) -> bool| self.callers.iter().any(is);
        let some_runner = |is: &dyn Fn(&Runner) -> bool| self.runners.iter().any(is);
        let is_wanted = |runner: &Runner| self.is_worth_keeping(runner.id);
        let corners = [
            (
                "somebody waits again, unstarted",
                some_caller(&|caller| {
                    caller.waits() && caller.was_granted && caller.lost_on.is_none()
                }),
            ),
            (
                "somebody waits again, lost",
                some_caller(&|caller| caller.waits() && caller.lost_on.is_some()),
            ),
            (
                "somebody runs again, lost before",
                some_caller(&|caller| caller.runs() && caller.lost_on.is_some()),
            ),
            (
                "somebody waits while the pool drains",
                self.stage == PoolStage::Draining && some_caller(&Caller::waits),
            ),
            (
                "somebody waits for left values",
                some_caller(&|caller| caller.waits() && caller.pin.is_some()),
            ),
            (
                "work shares the slot of values",
                some_caller(&|caller| self.shares_with_values(caller) && caller.works()),
            ),
            (
                "the values of two calls share a slot",
                some_caller(&|caller| self.shares_with_values(caller) && caller.has_values()),
            ),
            (
                "work has outlived the values in its slot",
                some_caller(&|caller| {
                    let is_alone = !self.shares_with_values(caller);
                    caller.works() && is_alone && !caller.is_first()
                }),
            ),
            (
                "a poisoned runner is wanted",
                some_runner(&|runner| runner.phase == RunnerPhase::Poisoned && is_wanted(runner)),
            ),
            (
                "a runner has more than it may have",
                some_runner(&|runner| {
                    runner.is_ready() && self.used(runner.id) > self.limits.max_concurrency()
                }),
            ),
            (
                "more runners than there may be",
                self.living() > self.limits.max(),
            ),
            (
                "the last runners have gone",
                self.stage == PoolStage::Open && self.floor < self.limits.min(),
            ),
            (
                "a pause while runners crash",
                self.pause.early_losses.length > 1,
            ),
        ];
        let present = corners.into_iter().filter(|&(_, is_there)| is_there);
        present.map(|(corner, _)| corner).collect()
    }

    /// Whether the values of somebody else are in its slot.
    fn shares_with_values(&self, caller: &Caller) -> bool {
        let others = self.callers.iter().filter(|other| other.id != caller.id);
        let mut keepers = others.filter(|other| other.has_values());
        let first = caller.slot.map(|slot| slot.first);
        keepers.any(|other| first.is_some() && first == other.slot.map(|slot| slot.first))
    }
}
