use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::idle::{Asked, IdleCheck};
use super::work::Work;
use super::{Link, TerminatorAction, TerminatorEvent, TerminatorSettings, TimerReason};
use crate::id::CallId;
use crate::runner::exit;

/// Everything that decides how long a runner lives.
///
/// See the [module's documentation](super) for how it is driven and what it promises.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TerminatorState {
    settings: TerminatorSettings,
    stage: Stage,
    /// The latest instant that it was told; time does not go back.
    now: Instant,
    work: Work,
    residents: usize,
    idle_check: IdleCheck,
    actions: VecDeque<TerminatorAction>,
}

/// How far a runner is in its life. A `None` among the instants means *never*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// It has not been welcomed.
    Attaching { until: Option<Instant> },
    /// It takes work.
    Serving,
    /// It takes no new work.
    Leaving { why: Leave, patience: Patience },
    /// `serve()` was told to return.
    Stopped {
        code: i32,
        failsafe: Option<Instant>,
    },
    /// The process was told to exit, and nothing is left to decide.
    Exited,
}

/// Why a runner leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Leave {
    Drained,
    ParentLost,
}

/// How long a leaving runner waits for its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Patience {
    /// When work that was not cancelled will be.
    work_until: Option<Instant>,
    /// When cancelled work should have ended.
    grace_until: Option<Instant>,
}

impl TerminatorState {
    /// Makes the terminator of a runner that begins at `now` and has not reached its parent.
    pub fn new(settings: TerminatorSettings, now: Instant) -> Self {
        let until = now.checked_add(settings.attach_timeout);
        Self {
            settings,
            stage: Stage::Attaching { until },
            now,
            work: Work::default(),
            residents: 0,
            idle_check: IdleCheck::default(),
            actions: VecDeque::new(),
        }
    }

    /// Takes in what has happened. Afterwards, `poll_action` says what to do about it.
    ///
    /// Deadlines come first: what was due by `now` has happened before the event.
    pub fn handle_event(&mut self, event: TerminatorEvent, now: Instant) {
        self.handle_timeout(now);
        self.record(event);
        self.settle();
    }

    /// Takes in that time has passed. Calling it too early or too often does no harm.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = self.now.max(now);
        self.settle();
    }

    /// The next thing to do. Drain it after every event and every timeout.
    pub fn poll_action(&mut self) -> Option<TerminatorAction> {
        self.actions.pop_front()
    }

    /// When to call `handle_timeout` next, and why. Always later than the last instant given.
    pub fn poll_timeout(&self) -> Option<(Instant, TimerReason)> {
        match self.stage {
            Stage::Attaching { until } => until.map(|at| (at, TimerReason::AttachTimeout)),
            Stage::Leaving { patience, .. } if self.has_uncancelled() => {
                patience.work_until.map(|at| (at, TimerReason::WorkTimeout))
            }
            Stage::Leaving { patience, .. } => patience
                .grace_until
                .map(|at| (at, TimerReason::CancelGrace)),
            Stage::Stopped { failsafe, .. } => failsafe.map(|at| (at, TimerReason::Failsafe)),
            Stage::Serving | Stage::Exited => None,
        }
    }

    /// Whether it takes no new work, since it is to end.
    pub fn is_leaving(&self) -> bool {
        match self.stage {
            Stage::Attaching { .. } | Stage::Serving => false,
            Stage::Leaving { .. } | Stage::Stopped { .. } | Stage::Exited => true,
        }
    }

    /// How many calls run.
    pub fn running(&self) -> usize {
        self.work.len()
    }

    fn record(&mut self, event: TerminatorEvent) {
        match event {
            TerminatorEvent::Attached => self.attached(),
            TerminatorEvent::CallReceived { call, link } => self.call_received(call, link),
            TerminatorEvent::CallEnded { call } => self.work.end(call),
            TerminatorEvent::CancelRequested { call } => self.cancel(call),
            TerminatorEvent::ResidentsChanged { residents } => self.residents = residents,
            TerminatorEvent::IdleProposed => self.idle_proposed(),
            TerminatorEvent::IdleChecked { idle } => self.idle_checked(idle),
            TerminatorEvent::SettingsChanged {
                max_concurrency,
                shutdown_timeout,
                cancel_grace,
            } => {
                self.settings.max_concurrency = max_concurrency;
                self.settings.shutdown_timeout = shutdown_timeout;
                self.settings.cancel_grace = cancel_grace;
            }
            TerminatorEvent::DrainRequested { timeout } => {
                self.drain_requested(self.now.checked_add(timeout));
            }
            TerminatorEvent::ParentLost { .. } => self.parent_lost(),
            TerminatorEvent::Refused => self.refused(),
        }
    }

    fn attached(&mut self) {
        if let Stage::Attaching { .. } = self.stage {
            self.stage = Stage::Serving;
        }
    }

    fn call_received(&mut self, call: CallId, link: Link) {
        if self.work.contains(call) {
            return;
        }
        let draining = match self.stage {
            Stage::Serving => false,
            Stage::Attaching { .. }
            | Stage::Leaving { .. }
            | Stage::Stopped { .. }
            | Stage::Exited => true,
        };
        if draining || self.work.len() >= self.settings.max_concurrency {
            self.act(TerminatorAction::RefuseCall { call, draining });
        } else {
            self.void_idle_check();
            self.work.start(call, link);
            self.act(TerminatorAction::StartCall { call });
        }
    }

    fn idle_proposed(&mut self) {
        let is_idle = self.is_idle();
        if is_idle && self.settings.has_idle_check {
            match self.idle_check.ask() {
                Asked::Start => self.act(TerminatorAction::RunIdleCheck),
                Asked::Wait => {}
                Asked::Decline => self.answer_idle(1, false),
            }
        } else {
            self.answer_idle(1, is_idle);
        }
    }

    fn idle_checked(&mut self, idle: bool) {
        let questions = self.idle_check.end();
        self.answer_idle(questions, idle && self.is_idle());
    }

    /// Answers with a no whatever waits for the user's check.
    fn void_idle_check(&mut self) {
        let questions = self.idle_check.void();
        self.answer_idle(questions, false);
    }

    fn answer_idle(&mut self, questions: u32, idle: bool) {
        for _ in 0..questions {
            self.act(TerminatorAction::AnswerIdle { idle });
        }
    }

    fn is_idle(&self) -> bool {
        match self.stage {
            Stage::Serving => self.work.is_empty() && self.residents == 0,
            Stage::Attaching { .. }
            | Stage::Leaving { .. }
            | Stage::Stopped { .. }
            | Stage::Exited => false,
        }
    }

    fn drain_requested(&mut self, work_until: Option<Instant>) {
        self.void_idle_check();
        match &mut self.stage {
            Stage::Attaching { .. } => self.stop(exit::DONE),
            Stage::Serving => {
                self.stage = Stage::Leaving {
                    why: Leave::Drained,
                    patience: Patience {
                        work_until,
                        grace_until: self.now.checked_add(self.settings.cancel_grace),
                    },
                };
                self.act(TerminatorAction::AnnounceDraining);
            }
            Stage::Leaving { patience, .. } => {
                patience.work_until = earlier(patience.work_until, work_until);
            }
            Stage::Stopped { .. } | Stage::Exited => {}
        }
    }

    fn parent_lost(&mut self) {
        self.void_idle_check();
        let lost = Patience {
            work_until: self.now.checked_add(self.settings.shutdown_timeout),
            grace_until: self.now.checked_add(self.settings.cancel_grace),
        };
        let patience = match self.stage {
            Stage::Attaching { .. } => return self.stop(exit::PARENT_LOST),
            Stage::Serving => lost,
            Stage::Leaving {
                why: Leave::Drained,
                patience,
            } => Patience {
                work_until: earlier(patience.work_until, lost.work_until),
                grace_until: later(patience.grace_until, lost.grace_until),
            },
            Stage::Leaving {
                why: Leave::ParentLost,
                ..
            }
            | Stage::Stopped { .. }
            | Stage::Exited => return,
        };
        self.stage = Stage::Leaving {
            why: Leave::ParentLost,
            patience,
        };
        let is_linked = |&(_, link): &(CallId, Link)| link == Link::Linked;
        self.cancel_all(self.work.uncancelled().filter(is_linked).collect());
    }

    fn refused(&mut self) {
        match self.stage {
            Stage::Attaching { .. } => self.stop(exit::REFUSED),
            Stage::Serving | Stage::Leaving { .. } | Stage::Stopped { .. } | Stage::Exited => {}
        }
    }

    /// Lets every deadline that has come take effect, and ends a leaving runner without work.
    fn settle(&mut self) {
        if let Stage::Leaving { why, .. } = self.stage
            && self.work.is_empty()
        {
            self.leave(why);
        }
        while let Some((at, reason)) = self.poll_timeout()
            && at <= self.now
        {
            match reason {
                TimerReason::AttachTimeout => self.stop(exit::ATTACH_TIMEOUT),
                TimerReason::WorkTimeout => self.cancel_all(self.work.uncancelled().collect()),
                TimerReason::CancelGrace => self.give_up_work(),
                TimerReason::Failsafe => self.exit_process(),
            }
        }
    }

    fn leave(&mut self, why: Leave) {
        match why {
            Leave::Drained => {
                self.act(TerminatorAction::SayGoodbye);
                self.stop(exit::DONE);
            }
            Leave::ParentLost => self.stop(exit::PARENT_LOST),
        }
    }

    /// Gives up work that ignores its cancel.
    fn give_up_work(&mut self) {
        let Stage::Leaving { why, .. } = self.stage else {
            return;
        };
        match why {
            // The parent is told, and may kill; the process ends by its own will first.
            Leave::Drained => self.leave(why),
            // Nobody is left to do it.
            Leave::ParentLost => {
                let code = exit::PARENT_LOST;
                self.stage = Stage::Exited;
                self.act(TerminatorAction::ExitProcess { code });
            }
        }
    }

    fn exit_process(&mut self) {
        if let Stage::Stopped { code, .. } = self.stage {
            self.stage = Stage::Exited;
            self.act(TerminatorAction::ExitProcess { code });
        }
    }

    fn stop(&mut self, code: i32) {
        let patience = self.settings.cancel_grace.max(SHORTEST_FAILSAFE);
        let failsafe = self.now.checked_add(patience);
        self.stage = Stage::Stopped { code, failsafe };
        self.act(TerminatorAction::Stop { code });
    }

    fn cancel_all(&mut self, calls: Vec<(CallId, Link)>) {
        for (call, _) in calls {
            self.cancel(call);
        }
    }

    fn cancel(&mut self, call: CallId) {
        if !self.work.cancel(call) {
            return;
        }
        self.act(TerminatorAction::CancelCall { call });
        let until = self.now.checked_add(self.settings.cancel_grace);
        if let Stage::Leaving { patience, .. } = &mut self.stage {
            patience.grace_until = later(patience.grace_until, until);
        }
    }

    fn has_uncancelled(&self) -> bool {
        self.work.uncancelled().next().is_some()
    }

    fn act(&mut self, action: TerminatorAction) {
        self.actions.push_back(action);
    }
}

/// How long a process has at least, after `Stop`, to end by its own will.
const SHORTEST_FAILSAFE: Duration = Duration::from_secs(1);

/// The earlier of two instants, either of which may be *never*.
fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    [one, other].into_iter().flatten().min()
}

/// The later of two instants, either of which may be *never*.
fn later(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.zip(other).map(|(one, other)| one.max(other))
}
