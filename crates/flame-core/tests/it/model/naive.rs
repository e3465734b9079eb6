//! The pool as its documentation describes it, without any cleverness.
//!
//! Everybody who ever came and every boot that ever began stays in a list, and every question is answered by
//! reading the lists from front to back. What a pool promises is found in
//!
//! - `callers.rs`: what becomes of a caller and of its work;
//! - `runners.rs`: how a runner begins, goes and is reaped;
//! - `ending.rs`: what the owner may ask of the pool, up to its end;
//! - `time.rs`: what has its hour, and that the hour comes before the news;
//! - `settle.rs`: what the pool owes to whom after everything that happens, and in which order;
//! - `pins.rs`: who needs what another call has left, and where that can be had;
//! - `growth.rs`: how many runners there are, and when boots pause;
//! - `surplus.rs`: how long a boot goes on that nobody needs;
//! - `idle.rs`: who is asked to go for want of work;
//! - `numbers.rs`: what is counted.
//!
//! Where the contract leaves a choice, [`Choice`] takes the one that the pool took, if it is allowed.

mod callers;
mod corners;
mod ending;
mod growth;
mod idle;
mod numbers;
mod pins;
mod runners;
mod settle;
mod surplus;
mod time;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use flame_core::pool::{
    CallerKind, PoolAction, PoolEvent, PoolLimits, PoolStage, PoolTimeouts, SlotAfter,
};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::caller::{Answer, Caller, Holds};
use super::choice::Choice;
use super::pause::Pause;
use super::runner::Runner;

/// The model of a pool.
#[derive(Clone)]
pub(super) struct Naive {
    pub(super) limits: PoolLimits,
    pub(super) timeouts: PoolTimeouts,
    /// Everybody who ever came, in the order in which they came.
    pub(super) callers: Vec<Caller>,
    /// Every boot there ever was; the number of a boot is its place.
    pub(super) runners: Vec<Runner>,
    pub(super) stage: PoolStage,
    /// When a pool that drains shuts down even if it has callers.
    drain_until: Option<Instant>,
    pause: Pause,
    /// When runners fell silent, each soon after the last, and since when none has called back.
    silent: Vec<Instant>,
    suspicions: u64,
    /// How many boots were too many, whenever it was looked at.
    surplus: Vec<(Instant, usize)>,
    /// How many runners an open pool keeps without any demand: the minimum, unless the last were let go.
    floor: usize,
    tally: Vec<(CallerKind, Grant)>,
    ignored: u64,
    actions: Vec<PoolAction>,
}

/// What becomes of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    Given,
    /// It came back, not started, and its caller waits again.
    GivenBack,
    /// Its runner was lost, and its caller waits again.
    Retried,
}

/// What a step means for those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    /// A boot failed in a way that no repetition can mend.
    Hopeless,
    Other,
}

impl Naive {
    pub(super) fn new(limits: PoolLimits, timeouts: PoolTimeouts) -> Self {
        Self {
            floor: limits.min(),
            limits,
            timeouts,
            callers: Vec::new(),
            runners: Vec::new(),
            stage: PoolStage::Open,
            drain_until: None,
            pause: Pause::default(),
            silent: Vec::new(),
            suspicions: 0,
            surplus: Vec::new(),
            tally: Vec::new(),
            ignored: 0,
            actions: Vec::new(),
        }
    }

    /// Time has passed. Gives what the pool has to do.
    pub(super) fn wakes(&mut self, now: Instant, choice: Choice<'_>) -> Vec<PoolAction> {
        self.settle(News::Other, now, choice);
        std::mem::take(&mut self.actions)
    }

    /// Something happens. Gives what the pool has to do. What is due comes before what happens.
    pub(super) fn happens(
        &mut self,
        event: PoolEvent,
        now: Instant,
        choice: Choice<'_>,
    ) -> Vec<PoolAction> {
        self.settle(News::Other, now, choice);
        let news = self.note(event, now);
        self.settle(news, now, choice);
        std::mem::take(&mut self.actions)
    }

    fn note(&mut self, event: PoolEvent, now: Instant) -> News {
        match event {
            PoolEvent::CheckoutRequested {
                caller,
                kind,
                deadline,
                queue_deadline,
                retries,
                pin,
            } => {
                self.checkout_requested(Caller {
                    kind,
                    retries,
                    pin,
                    ..Caller::new(caller, deadline, queue_deadline)
                });
            }
            PoolEvent::CallerGone { caller } => self.caller_gone(caller, now),
            PoolEvent::ChildAccepted { caller } => self.child_accepted(caller),
            PoolEvent::CallEnded { caller, end, slot } => {
                let left_behind = match slot {
                    SlotAfter::Free => None,
                    SlotAfter::KeptByResidents => Some(Holds::Values),
                };
                self.call_ended(caller, end, left_behind, now);
            }
            PoolEvent::CallReturned { caller } => self.call_returned(caller, now),
            PoolEvent::ResidentsReleased { caller } => self.residents_released(caller, now),
            PoolEvent::RunnerAttached { runner } => self.runner_attached(runner, now),
            PoolEvent::BootFailed { runner, retry } => return self.boot_failed(runner, retry, now),
            PoolEvent::IdleAnswered { runner, idle } => self.idle_answered(runner, idle, now),
            PoolEvent::RunnerDraining { runner } => self.runner_draining(runner, now),
            PoolEvent::RunnerFinished { runner } => self.runner_finished(runner),
            PoolEvent::RunnerLost { runner } => self.runner_lost(runner, now),
            PoolEvent::RunnerSilent { runner } => self.runner_silent(runner, now),
            PoolEvent::InstanceGone { runner } => self.instance_gone(runner),
            PoolEvent::DestroyFailed { runner } => self.destroy_failed(runner, now),
            PoolEvent::LimitsChanged { limits, timeouts } => self.limits_changed(limits, timeouts),
            PoolEvent::DrainRequested { until } => self.drain_requested(until),
            PoolEvent::ShutdownRequested => self.shutdown_requested(now),
            PoolEvent::KillRequested => self.kill_requested(now),
        }
        News::Other
    }

    /// What came late, twice or for somebody unknown changes nothing and is counted.
    fn ignore(&mut self) {
        self.ignored += 1;
    }

    fn act(&mut self, action: PoolAction) {
        self.actions.push(action);
    }

    fn caller(&mut self, id: CallerId) -> Option<&mut Caller> {
        self.callers.iter_mut().find(|caller| caller.id == id)
    }

    fn runner(&mut self, id: RunnerId) -> Option<&mut Runner> {
        self.runners.iter_mut().find(|runner| runner.id == id)
    }

    /// Gives a caller its answer, or notes that it left.
    fn answer(&mut self, id: CallerId, answer: Answer) {
        if let Some(caller) = self.caller(id) {
            assert_eq!(caller.answer, None, "the model answers {id} twice");
            caller.answer = Some(answer);
        }
    }

    /// How many slots are taken on a runner, however many share one.
    pub(super) fn used(&self, runner: RunnerId) -> usize {
        let slots = self.callers.iter().filter_map(|caller| caller.slot);
        let on_it = slots.filter(|slot| slot.runner == runner);
        on_it.map(|slot| slot.first).collect::<BTreeSet<_>>().len()
    }

    pub(super) fn count(&self, phase: RunnerPhase) -> usize {
        let in_it = |runner: &&Runner| runner.phase == phase;
        self.runners.iter().filter(in_it).count()
    }

    /// Who waits, the next first: whoever came first, even if it had a slot in between.
    fn waiting(&self) -> Vec<&Caller> {
        self.callers
            .iter()
            .filter(|caller| caller.waits())
            .collect()
    }
}

/// An instant that may be too far away to have a name: then it never comes.
fn after(now: Instant, span: Duration) -> Option<Instant> {
    now.checked_add(span)
}

/// Where a pause may be configured as nothing, it is this long: a pool must not spin.
const SHORTEST: Duration = Duration::from_millis(1);
