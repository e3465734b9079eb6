//! What the owner of the pool wants of it.

use std::time::Instant;

use flame_core::pool::{
    CancelReason, DrainReason, PoolAction, PoolLimits, PoolStage, PoolTimeouts, RejectReason,
};
use flame_core::runner::RunnerPhase;

use super::super::caller::Caller;
use super::Naive;

impl Naive {
    /// Other limits and timeouts hold from now on; what has been set by the old ones stays. Runners are told
    /// what they have to know. A higher minimum is wanted at once, even if the last runners were let go.
    pub(super) fn limits_changed(&mut self, limits: PoolLimits, timeouts: PoolTimeouts) {
        if self.stage == PoolStage::Ended {
            return self.ignore();
        }
        let before = self.what_runners_know();
        self.floor = match limits.min() > self.limits.min() {
            true => limits.min(),
            false => self.floor.min(limits.min()),
        };
        self.limits = limits;
        self.timeouts = timeouts;
        if before != self.what_runners_know() {
            let living = self.runners.iter().filter(|runner| runner.lives());
            for runner in living.map(|runner| runner.id).collect::<Vec<_>>() {
                self.act(PoolAction::TellLimits { runner });
            }
        }
    }

    fn what_runners_know(&self) -> impl PartialEq + use<> {
        let timeouts = self.timeouts;
        let concurrency = self.limits.max_concurrency();
        (
            concurrency,
            timeouts.shutdown_timeout,
            timeouts.cancel_grace,
        )
    }

    /// Serves the callers that it has, takes no others, and then ends. It may be told to do so sooner.
    pub(super) fn drain_requested(&mut self, until: Option<Instant>) {
        let is_sooner = match (until, self.drain_until) {
            (Some(until), Some(before)) => until < before,
            (Some(_), None) => true,
            (None, _) => false,
        };
        match self.stage {
            PoolStage::Open => {
                self.stage = PoolStage::Draining;
                self.drain_until = until;
            }
            PoolStage::Draining if is_sooner => self.drain_until = until,
            PoolStage::Draining
            | PoolStage::ShuttingDown
            | PoolStage::Killing
            | PoolStage::Ended => self.ignore(),
        }
    }

    /// When a pool that drains shuts down even if it has callers.
    pub(super) fn drains_until(&self) -> Option<Instant> {
        self.drain_until
            .filter(|_| self.stage == PoolStage::Draining)
    }

    pub(super) fn is_drained(&self) -> bool {
        let is_here = |caller: &Caller| caller.waits() || caller.runs();
        self.stage == PoolStage::Draining && !self.callers.iter().any(is_here)
    }

    pub(super) fn shutdown_requested(&mut self, now: Instant) {
        if self.stage.serves() {
            self.shut_down(now);
        } else {
            self.ignore();
        }
    }

    /// Whoever waits is told, boots are given up, and runners finish what they have.
    pub(super) fn shut_down(&mut self, now: Instant) {
        self.stage = PoolStage::ShuttingDown;
        self.reject_all(RejectReason::PoolShutdown);
        for place in 0..self.runners.len() {
            let id = self.runners[place].id;
            match self.runners[place].phase {
                RunnerPhase::Booting => self.destroy(id),
                RunnerPhase::Ready => self.drain(id, DrainReason::PoolShutdown, now),
                RunnerPhase::Draining
                | RunnerPhase::Poisoned
                | RunnerPhase::Reaping
                | RunnerPhase::Gone => {}
            }
        }
    }

    /// Whoever waits or runs is told, and every runner is ended, whatever it has.
    pub(super) fn kill_requested(&mut self, now: Instant) {
        match self.stage {
            PoolStage::Open | PoolStage::Draining | PoolStage::ShuttingDown => {}
            PoolStage::Killing | PoolStage::Ended => return self.ignore(),
        }
        self.stage = PoolStage::Killing;
        self.reject_all(RejectReason::PoolShutdown);
        for place in 0..self.callers.len() {
            let caller = &self.callers[place];
            if caller.runs() {
                let caller = caller.id;
                self.cancel(caller, CancelReason::PoolShutdown, now);
            }
        }
        for place in 0..self.runners.len() {
            let id = self.runners[place].id;
            if self.runners[place].lives() {
                self.end(id);
            } else if self.runners[place].is_booting() {
                self.destroy(id);
            }
        }
    }
}
