//! What happens to runners: they boot, attach, drain, are poisoned, end, and are reaped.

use std::time::Instant;

use super::{PoolState, after};
use crate::backoff;
use crate::id::{CallerId, RunnerId};
use crate::pool::lease::LeaseStage;
use crate::pool::pause::SHORTEST_PAUSE;
use crate::pool::roster::Idle;
use crate::pool::{DrainReason, PoolAction, RejectReason, Retry, Reuse, TimerReason};
use crate::runner::{RunnerPhase, RunnerSignal};

/// A runner that returns this many calls in a row, and ends none in between, is out of step with its
/// pool: it is drained, or the two would pass a call to and fro for ever.
const RETURNS_BEFORE_DRAIN: u32 = 3;

impl PoolState {
    pub(super) fn boot(&mut self, now: Instant) {
        let runner = self.next_runner;
        self.next_runner = RunnerId(runner.0 + 1);
        self.roster.add_boot(runner);
        let timeout = self.timeouts.boot_timeout.max(SHORTEST_PAUSE);
        let reason = TimerReason::BootTimeout { runner };
        self.set_timer(runner, after(now, timeout), reason);
        self.act(PoolAction::BootInstance { runner });
    }

    pub(super) fn runner_attached(&mut self, runner: RunnerId, now: Instant) -> bool {
        if !self.roster.signal(runner, RunnerSignal::Attached) {
            self.act(PoolAction::RefuseRunner { runner });
            return true;
        }
        self.stop_timer(runner);
        self.pause.boot_succeeded();
        self.silence.is_broken();
        self.roster
            .change(runner, |runner| runner.idle = Idle::Since(now));
        self.act(PoolAction::WelcomeRunner { runner });
        true
    }

    pub(super) fn boot_failed(&mut self, runner: RunnerId, retry: Retry, now: Instant) -> bool {
        if !self.give_up_boot(runner) {
            return false;
        }
        self.pause.boot_failed(runner, self.next_runner, now);
        // Where other runners still serve, waiting goes on to make sense.
        if retry == Retry::Never && !self.has_lasting_runners() {
            self.reject_unpinned(RejectReason::BootFailed);
        }
        true
    }

    pub(super) fn boot_timed_out(&mut self, runner: RunnerId, now: Instant) {
        self.act(PoolAction::FailBoot { runner });
        self.give_up_boot(runner);
        self.pause.boot_failed(runner, self.next_runner, now);
    }

    /// Gives up a boot that failed, took too long or is not needed.
    pub(super) fn give_up_boot(&mut self, runner: RunnerId) -> bool {
        let given_up = self.roster.signal(runner, RunnerSignal::BootGivenUp);
        if given_up {
            self.destroy(runner);
        }
        given_up
    }

    pub(super) fn idle_answered(&mut self, runner: RunnerId, idle: bool, now: Instant) -> bool {
        let Some(Idle::Proposed { below_min, .. }) =
            self.roster.get(runner).map(|runner| runner.idle)
        else {
            return false;
        };
        let ready = self.roster.in_phase().ready;
        let is_spare = ready > self.target();
        let may_go_below = below_min && ready > self.demand().runners(&self.limits);
        if idle && (is_spare || may_go_below) {
            self.floor = self.floor.min(ready - 1);
            self.drain(runner, DrainReason::Idle, now);
        } else {
            self.roster
                .change(runner, |runner| runner.idle = Idle::Since(now));
        }
        true
    }

    pub(super) fn runner_draining(&mut self, runner: RunnerId, now: Instant) -> bool {
        let Some(phase) = self.roster.phase(runner) else {
            return false;
        };
        match phase {
            RunnerPhase::Ready => self.start_drain(runner, now),
            // It says so too after the pool told it to drain.
            RunnerPhase::Draining | RunnerPhase::Poisoned => true,
            RunnerPhase::Booting | RunnerPhase::Reaping | RunnerPhase::Gone => false,
        }
    }

    /// Tells a runner to drain.
    pub(super) fn drain(&mut self, runner: RunnerId, reason: DrainReason, now: Instant) {
        if self.start_drain(runner, now) {
            self.act(PoolAction::DrainRunner { runner, reason });
        }
    }

    pub(super) fn runner_lost(&mut self, runner: RunnerId, now: Instant) -> bool {
        let lost = self.roster.get(runner);
        let is_early = lost.is_some_and(|runner| !runner.has_ended_a_call);
        let has_ended = self.end_runner(runner);
        if has_ended && is_early {
            self.pause.lost_early(runner, self.next_runner, now);
        }
        has_ended
    }

    pub(super) fn runner_silent(&mut self, runner: RunnerId, now: Instant) -> bool {
        let has_ended = self.runner_lost(runner, now);
        let runners = self.roster.in_phase();
        let with_a_session = runners.ready + runners.draining + runners.poisoned;
        if has_ended && self.silence.grows(with_a_session, now) {
            self.pause.link_suspected(now);
            self.act(PoolAction::SuspectLink);
        }
        has_ended
    }

    /// Ends a runner: it said goodbye, was lost, or the pool's patience with it is over.
    pub(super) fn end_runner(&mut self, runner: RunnerId) -> bool {
        if !self.roster.signal(runner, RunnerSignal::Ended) {
            return false;
        }
        for caller in self.leases_of(runner) {
            self.lose(caller);
        }
        self.roster.change(runner, |runner| {
            runner.leases.clear();
            runner.used = 0;
        });
        self.destroy(runner);
        true
    }

    pub(super) fn instance_gone(&mut self, runner: RunnerId) -> bool {
        if self.roster.phase(runner) != Some(RunnerPhase::Reaping) {
            return false;
        }
        self.stop_timer(runner);
        self.roster.signal(runner, RunnerSignal::InstanceGone)
    }

    pub(super) fn destroy_failed(&mut self, runner: RunnerId, now: Instant) -> bool {
        let Some(reaped) = self.roster.get(runner) else {
            return false;
        };
        if reaped.phase != RunnerPhase::Reaping || reaped.timer.is_some() {
            return false;
        }
        let pause = backoff::delay(
            self.timeouts.kill_timeout,
            self.timeouts.boot_backoff_max,
            reaped.destroys,
        );
        let reason = TimerReason::DestroyRetry { runner };
        self.set_timer(runner, after(now, pause.max(SHORTEST_PAUSE)), reason);
        true
    }

    /// Asks the backend to end the instance; it stays in the books until that is confirmed.
    pub(super) fn destroy(&mut self, runner: RunnerId) {
        self.stop_timer(runner);
        self.roster.note(runner, |runner| runner.destroys += 1);
        self.act(PoolAction::DestroyInstance { runner });
    }

    /// Cancels what still runs on a draining runner, and gives it the grace to end.
    pub(super) fn runner_drain_timed_out(&mut self, runner: RunnerId, now: Instant) {
        for caller in self.leases_of(runner) {
            if self.stage.serves() {
                self.cancel_for_drain(caller);
            } else {
                self.cancel_for_shutdown(caller);
            }
        }
        let until = after(now, self.timeouts.cancel_grace);
        self.set_timer(runner, until, TimerReason::DrainGrace { runner });
        self.review(runner, now);
    }

    /// Takes note that work did not end within its grace.
    pub(super) fn cancel_ignored(&mut self, caller: CallerId, now: Instant) {
        self.leases.set_grace(caller, None);
        let Some(runner) = self.leases.get(caller).map(|lease| lease.runner) else {
            return;
        };
        let was_ready = self.roster.phase(runner) == Some(RunnerPhase::Ready);
        if self.roster.signal(runner, RunnerSignal::CancelIgnored) {
            self.poisonings += 1;
        }
        // A draining runner has its deadline already.
        if was_ready {
            let until = after(now, self.timeouts.shutdown_timeout);
            self.set_timer(runner, until, TimerReason::PoisonTimeout { runner });
        }
        self.review(runner, now);
    }

    /// Looks at a runner whose calls have become fewer, or less wanted: is it of any further use?
    pub(super) fn review(&mut self, id: RunnerId, now: Instant) {
        let Some(runner) = self.roster.get(id) else {
            return;
        };
        let is_used_up = self.roster.is_spent(runner) && runner.leases.is_empty();
        let is_out_of_step = runner.returns_in_a_row >= RETURNS_BEFORE_DRAIN;
        match runner.phase {
            RunnerPhase::Ready if is_used_up => self.drain(id, DrainReason::UsedUp, now),
            RunnerPhase::Ready if is_out_of_step => self.drain(id, DrainReason::OutOfStep, now),
            RunnerPhase::Poisoned if !self.has_work_worth_keeping(id) => {
                self.end_runner(id);
            }
            RunnerPhase::Booting
            | RunnerPhase::Ready
            | RunnerPhase::Draining
            | RunnerPhase::Poisoned
            | RunnerPhase::Reaping
            | RunnerPhase::Gone => {}
        }
    }

    fn start_drain(&mut self, runner: RunnerId, now: Instant) -> bool {
        let started = self.roster.signal(runner, RunnerSignal::DrainStarted);
        if started {
            let until = after(now, self.timeouts.shutdown_timeout);
            self.set_timer(runner, until, TimerReason::DrainTimeout { runner });
        }
        started
    }

    /// Sends away what there may not be any more, since `max` was lowered: those with the least work.
    pub(super) fn drain_surplus(&mut self, now: Instant) {
        while self.roster.in_phase().ready > self.limits.max()
            && let Some(runner) = self.roster.least_used()
        {
            self.drain(runner, DrainReason::TooMany, now);
        }
    }

    /// Sends away what has no work, and will get none: nobody waits beside it, and nobody comes any more.
    pub(super) fn drain_idle(&mut self, now: Instant) {
        while let Some(runner) = self.roster.any_idle() {
            self.drain(runner, DrainReason::PoolShutdown, now);
        }
    }

    fn has_lasting_runners(&self) -> bool {
        match self.limits.reuse() {
            Reuse::Many => self.roster.in_phase().ready > 0,
            Reuse::SingleUse => false,
        }
    }

    fn has_work_worth_keeping(&self, runner: RunnerId) -> bool {
        let leases = self.roster.get(runner).map(|runner| &runner.leases);
        leases.into_iter().flatten().any(|&caller| {
            let stage = self.leases.get(caller).map(|lease| lease.stage);
            stage.is_some_and(LeaseStage::is_worth_keeping)
        })
    }

    pub(super) fn leases_of(&self, runner: RunnerId) -> Vec<CallerId> {
        let leases = self.roster.get(runner).map(|runner| &runner.leases);
        leases.into_iter().flatten().copied().collect()
    }

    fn set_timer(&mut self, runner: RunnerId, at: Option<Instant>, reason: TimerReason) {
        self.stop_timer(runner);
        let Some(at) = at else {
            return;
        };
        self.timers.set(at, reason);
        self.roster
            .note(runner, |runner| runner.timer = Some((at, reason)));
    }

    fn stop_timer(&mut self, runner: RunnerId) {
        if let Some((at, reason)) = self.roster.get(runner).and_then(|runner| runner.timer) {
            self.timers.stop(at, reason);
            self.roster.note(runner, |runner| runner.timer = None);
        }
    }
}
