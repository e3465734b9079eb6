mod callers;
mod ending;
mod limits;
mod pins;
mod runners;
mod settle;
mod work;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::counts::{DEGRADED_AFTER, KindCounts};
use super::growth::{self, Demand};
use super::kind::ByKind;
use super::lease::Leases;
use super::pause::BootPause;
use super::pins::Pins;
use super::queue::{Ticket, WaitQueue};
use super::roster::Roster;
use super::silence::Silence;
use super::surplus::Surplus;
use super::timer::{TimerReason, Timers};
use super::{
    CallerKind, PoolAction, PoolCounts, PoolEvent, PoolLimits, PoolStage, PoolTimeouts, PoolTotals,
    StageSignal,
};
use crate::id::RunnerId;
use crate::runner::RunnerPhase;

/// Everything that a pool knows, and every decision that it takes.
///
/// See the [module's documentation](super) for how it is driven and what it promises.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PoolState {
    limits: PoolLimits,
    timeouts: PoolTimeouts,
    stage: PoolStage,
    /// When a drain of the whole pool is over, callers or not.
    drain_until: Option<Instant>,
    /// The latest instant that it was told; time does not go back.
    now: Option<Instant>,
    queue: WaitQueue,
    pins: Pins,
    leases: Leases,
    roster: Roster,
    pause: BootPause,
    silence: Silence,
    surplus: Surplus,
    timers: Timers,
    /// The fewest runners there must be: `min`, or less after some of the last ones were allowed to go.
    floor: usize,
    next_runner: RunnerId,
    next_arrival: u64,
    totals: ByKind<PoolTotals>,
    poisonings: u64,
    ignored: u64,
    actions: VecDeque<PoolAction>,
}

impl PoolState {
    /// Makes a pool that has nothing yet. The first `handle_timeout` or event boots its minimum.
    ///
    /// The pauses after failed boots are a function of `jitter_seed`.
    pub fn new(limits: PoolLimits, timeouts: PoolTimeouts, jitter_seed: u64) -> Self {
        Self {
            stage: PoolStage::Open,
            drain_until: None,
            now: None,
            queue: WaitQueue::default(),
            pins: Pins::default(),
            leases: Leases::default(),
            roster: Roster::new(&limits),
            pause: BootPause::new(
                timeouts.boot_backoff_first,
                timeouts.boot_backoff_max,
                jitter_seed,
            ),
            silence: Silence::default(),
            surplus: Surplus::default(),
            timers: Timers::default(),
            floor: limits.min(),
            next_runner: RunnerId(0),
            next_arrival: 0,
            totals: ByKind::default(),
            poisonings: 0,
            ignored: 0,
            actions: VecDeque::new(),
            limits,
            timeouts,
        }
    }

    /// Takes in what has happened. Afterwards, `poll_action` says what to do about it.
    ///
    /// Deadlines come first: what was due by `now` has happened before the event.
    pub fn handle_event(&mut self, event: PoolEvent, now: Instant) {
        // Asked before time moves on: a pause that is over has no end to wait for.
        let is_due = self.poll_timeout().is_some_and(|(at, _)| at <= now);
        let now = self.advance(now);
        if is_due {
            self.settle(now);
        }
        self.record(event, now);
        self.settle(now);
    }

    /// Takes in that time has passed. Calling it too early or too often does no harm.
    pub fn handle_timeout(&mut self, now: Instant) {
        let now = self.advance(now);
        self.settle(now);
    }

    /// The next thing to do. Drain it after every event and every timeout.
    pub fn poll_action(&mut self) -> Option<PoolAction> {
        self.actions.pop_front()
    }

    /// When to call `handle_timeout` next, and why. Always later than the last instant given.
    pub fn poll_timeout(&self) -> Option<(Instant, TimerReason)> {
        let retry = self.boot_retry_at().map(|at| (at, TimerReason::BootRetry));
        let idle = self.idle_check_at().map(|at| (at, TimerReason::IdleCheck));
        let surplus = self.surplus_boot_at();
        let surplus = surplus.map(|at| (at, TimerReason::SurplusBoot));
        earlier(earlier(self.timers.first(), retry), earlier(idle, surplus))
    }

    /// What the pool has and has done.
    pub fn counts(&self) -> PoolCounts {
        let runners = self.roster.in_phase();
        let mut by_kind = ByKind::<KindCounts>::default();
        let mut totals = PoolTotals::default();
        for kind in CallerKind::ALL {
            let totals_of = *self.totals.of(kind);
            totals = totals.plus(totals_of);
            *by_kind.of_mut(kind) = KindCounts {
                queued: self.queue.len_of(kind) + self.pins.len_of(kind),
                running: self.leases.awaited_of(kind),
                totals: totals_of,
            };
        }
        PoolCounts {
            stage: self.stage,
            queued: self.queue.len() + self.pins.len(),
            pinned: self.pins.len(),
            running: self.leases.awaited(),
            unconfirmed: self.leases.unconfirmed(),
            residents: self.leases.residents(),
            ready: runners.ready,
            booting: runners.booting,
            draining: runners.draining,
            poisoned: runners.poisoned,
            reaping: runners.reaping,
            boot_failures: self.pause.failures(),
            link_suspicions: self.silence.suspicions(),
            poisonings: self.poisonings,
            ignored: self.ignored,
            totals,
            by_kind,
        }
    }

    /// How many runners take calls. It and the next two are parts of [`counts`](Self::counts) that cost no sums.
    pub fn ready(&self) -> usize {
        self.roster.in_phase().ready
    }

    /// Whether [`DEGRADED_AFTER`](super::DEGRADED_AFTER) boots in a row have failed, and none has succeeded since.
    pub fn is_degraded(&self) -> bool {
        self.pause.failures() >= DEGRADED_AFTER
    }

    /// How many runners were poisoned.
    pub fn poisonings(&self) -> u64 {
        self.poisonings
    }

    /// The runners and boots with their phases and their taken slots, in the order of their boots.
    pub fn runners(&self) -> impl Iterator<Item = (RunnerId, RunnerPhase, usize)> {
        let runners = self.roster.iter();
        runners.map(|(id, runner)| (id, runner.phase, runner.used))
    }

    /// How far it is in its life.
    pub fn stage(&self) -> PoolStage {
        self.stage
    }

    /// The limits it keeps.
    pub fn limits(&self) -> &PoolLimits {
        &self.limits
    }

    /// How long it lets things take.
    pub fn timeouts(&self) -> &PoolTimeouts {
        &self.timeouts
    }

    fn advance(&mut self, now: Instant) -> Instant {
        let now = self.now.map_or(now, |before| before.max(now));
        self.now = Some(now);
        now
    }

    fn record(&mut self, event: PoolEvent, now: Instant) {
        let known = match event {
            PoolEvent::CheckoutRequested {
                caller,
                kind,
                deadline,
                queue_deadline,
                retries,
                pin,
            } => self.checkout(Box::new(Ticket {
                caller,
                kind,
                arrival: self.next_arrival,
                deadline,
                queue_deadline: queue_deadline
                    .filter(|&at| deadline.is_none_or(|deadline| at < deadline)),
                retries,
                pin,
                had_slot: false,
                lost_on: None,
            })),
            PoolEvent::CallerGone { caller } => self.caller_gone(caller, now),
            PoolEvent::ChildAccepted { caller } => self.child_accepted(caller),
            PoolEvent::CallEnded { caller, end, slot } => self.call_ended(caller, end, slot, now),
            PoolEvent::CallReturned { caller } => self.call_returned(caller, now),
            PoolEvent::ResidentsReleased { caller } => self.residents_released(caller, now),
            PoolEvent::RunnerAttached { runner } => self.runner_attached(runner, now),
            PoolEvent::BootFailed { runner, retry } => self.boot_failed(runner, retry, now),
            PoolEvent::IdleAnswered { runner, idle } => self.idle_answered(runner, idle, now),
            PoolEvent::RunnerDraining { runner } => self.runner_draining(runner, now),
            PoolEvent::RunnerFinished { runner } => self.end_runner(runner),
            PoolEvent::RunnerLost { runner } => self.runner_lost(runner, now),
            PoolEvent::RunnerSilent { runner } => self.runner_silent(runner, now),
            PoolEvent::InstanceGone { runner } => self.instance_gone(runner),
            PoolEvent::DestroyFailed { runner } => self.destroy_failed(runner, now),
            PoolEvent::LimitsChanged { limits, timeouts } => {
                self.limits_changed(limits, timeouts, now)
            }
            PoolEvent::DrainRequested { until } => self.drain_requested(until),
            PoolEvent::ShutdownRequested => self.shut_down(StageSignal::ShutdownRequested, now),
            PoolEvent::KillRequested => self.kill(),
        };
        if !known {
            self.ignored += 1;
        }
    }

    fn demand(&self) -> Demand {
        Demand {
            used: self.roster.used_on_ready(),
            waiting: self.queue.len(),
            warm: match self.stage {
                PoolStage::Open => self.limits.warm(),
                PoolStage::Draining
                | PoolStage::ShuttingDown
                | PoolStage::Killing
                | PoolStage::Ended => 0,
            },
        }
    }

    fn target(&self) -> usize {
        let floor = match self.stage {
            PoolStage::Open => self.floor,
            PoolStage::Draining
            | PoolStage::ShuttingDown
            | PoolStage::Killing
            | PoolStage::Ended => 0,
        };
        growth::target(self.demand(), floor, &self.limits)
    }

    fn act(&mut self, action: PoolAction) {
        self.actions.push_back(action);
    }
}

/// The earlier of two, either of which may never come.
pub(super) fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The instant `span` after `now`; a span beyond the end of time never passes.
pub(super) fn after(now: Instant, span: Duration) -> Option<Instant> {
    now.checked_add(span)
}
