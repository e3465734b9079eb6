//! The pool as its documentation describes it, without any cleverness.
//!
//! Everything that ever was is kept in two lists, and every question is answered by reading them from front
//! to back. After each event, [`settle`] says what the pool owes to whom.

mod callers;
mod corners;
mod ending;
mod growth;
mod idle;
mod numbers;
mod runners;
mod settle;
mod time;

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
            } => {
                self.comes(Caller {
                    kind,
                    retries,
                    ..Caller::new(caller, deadline, queue_deadline)
                });
            }
            PoolEvent::CallerGone { caller } => self.leaves(caller, now),
            PoolEvent::CallEnded { caller, end, slot } => {
                let left_behind = match slot {
                    SlotAfter::Free => None,
                    SlotAfter::KeptByResidents => Some(Holds::Values),
                };
                self.ends(caller, end, left_behind, now);
            }
            PoolEvent::CallReturned { caller } => self.returns(caller, now),
            PoolEvent::ResidentsReleased { caller } => self.releases(caller, now),
            PoolEvent::RunnerAttached { runner } => self.attaches(runner, now),
            PoolEvent::BootFailed { runner, retry } => return self.boot_fails(runner, retry, now),
            PoolEvent::IdleAnswered { runner, idle } => self.answers(runner, idle, now),
            PoolEvent::RunnerDraining { runner } => self.announces_drain(runner, now),
            PoolEvent::RunnerFinished { runner } => self.says_goodbye(runner),
            PoolEvent::RunnerLost { runner } => self.is_lost(runner, now),
            PoolEvent::InstanceGone { runner } => self.is_destroyed(runner),
            PoolEvent::DestroyFailed { runner } => self.is_not_destroyed(runner, now),
            PoolEvent::LimitsChanged { limits, timeouts } => self.is_reconfigured(limits, timeouts),
            PoolEvent::DrainRequested { until } => self.is_to_drain(until),
            PoolEvent::ShutdownRequested => self.is_to_shut_down(now),
            PoolEvent::KillRequested => self.is_to_be_killed(now),
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

    /// How many slots are taken on a runner.
    pub(super) fn used(&self, runner: RunnerId) -> usize {
        let on_it = |caller: &&Caller| caller.is_on(runner);
        self.callers.iter().filter(on_it).count()
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
