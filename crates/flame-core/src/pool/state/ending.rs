//! How a pool ends: it drains, shuts down, is killed, or one after the other.

use std::time::Instant;

use super::PoolState;
use crate::pool::{DrainReason, PoolAction, PoolStage, RejectReason, StageSignal, TimerReason};
use crate::runner::RunnerPhase;

impl PoolState {
    pub(super) fn drain_requested(&mut self, until: Option<Instant>) -> bool {
        let has_begun = self.enter_next_stage(StageSignal::DrainRequested);
        let is_sooner = has_begun || self.is_sooner(until);
        if is_sooner {
            self.stop_drain_timeout();
            if let Some(at) = until {
                self.timers.set(at, TimerReason::PoolDrainTimeout);
            }
            self.drain_until = until;
        }
        is_sooner
    }

    /// The time that callers had is over.
    pub(super) fn drain_timed_out(&mut self, now: Instant) {
        self.drain_until = None;
        self.shut_down(StageSignal::DrainOver, now);
    }

    /// Ends a drain that has nobody left to serve.
    pub(super) fn end_drain(&mut self, now: Instant) {
        let nobody_waits = self.queue.is_empty() && self.pins.is_empty();
        if nobody_waits && self.leases.awaited() == 0 {
            self.shut_down(StageSignal::DrainOver, now);
        }
    }

    pub(super) fn shut_down(&mut self, signal: StageSignal, now: Instant) -> bool {
        if !self.stop_serving(signal) {
            return false;
        }
        for (runner, phase, _) in self.runners().collect::<Vec<_>>() {
            match phase {
                RunnerPhase::Booting => {
                    self.give_up_boot(runner);
                }
                RunnerPhase::Ready => self.drain(runner, DrainReason::PoolShutdown, now),
                RunnerPhase::Draining
                | RunnerPhase::Poisoned
                | RunnerPhase::Reaping
                | RunnerPhase::Gone => {}
            }
        }
        true
    }

    pub(super) fn kill(&mut self) -> bool {
        if !self.stop_serving(StageSignal::KillRequested) {
            return false;
        }
        for (runner, phase, _) in self.runners().collect::<Vec<_>>() {
            match phase {
                RunnerPhase::Booting => {
                    self.give_up_boot(runner);
                }
                RunnerPhase::Ready | RunnerPhase::Draining | RunnerPhase::Poisoned => {
                    for caller in self.leases_of(runner) {
                        self.cancel_for_shutdown(caller);
                    }
                    self.end_runner(runner);
                }
                RunnerPhase::Reaping | RunnerPhase::Gone => {}
            }
        }
        true
    }

    pub(super) fn confirm_shutdown(&mut self) {
        if self.roster.is_empty()
            && self.leases.is_empty()
            && self.enter_next_stage(StageSignal::LastRunnerGone)
        {
            self.act(PoolAction::ConfirmShutdown);
        }
    }

    fn stop_serving(&mut self, signal: StageSignal) -> bool {
        let is_news = self.enter_next_stage(signal);
        if is_news {
            self.stop_drain_timeout();
            self.reject_waiting(RejectReason::PoolShutdown);
        }
        is_news
    }

    /// Returns whether the signal means anything in this stage.
    fn enter_next_stage(&mut self, signal: StageSignal) -> bool {
        let next = self.stage.next(signal);
        self.stage = next.unwrap_or(self.stage);
        next.is_some()
    }

    fn is_sooner(&self, until: Option<Instant>) -> bool {
        let is_draining = self.stage == PoolStage::Draining;
        is_draining && until.is_some_and(|at| self.drain_until.is_none_or(|before| at < before))
    }

    fn stop_drain_timeout(&mut self) {
        if let Some(at) = self.drain_until.take() {
            self.timers.stop(at, TimerReason::PoolDrainTimeout);
        }
    }
}
