use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use flame_core::CallId;
use flame_core::terminator::{Link, TerminatorAction, TerminatorEvent, TerminatorSettings};

/// What the runner should know, kept apart from it.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub(super) settings: TerminatorSettings,
    pub(super) attach_by: Instant,
    pub(super) is_attached: bool,
    pub(super) calls: BTreeMap<CallId, Call>,
    /// When work that was told to end should have, since the runner leaves.
    pub(super) grace_end: Option<Instant>,
    pub(super) residents: usize,
    /// How often it was asked whether it agrees to go, and has not answered.
    pub(super) questions: usize,
    pub(super) check: Check,
    pub(super) leaving: Option<Leaving>,
    pub(super) said_goodbye: bool,
    pub(super) stopped: Option<Stopped>,
    /// The process was forced to exit.
    pub(super) exited: Option<i32>,
}

/// Work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) link: Link,
    pub(super) is_cancelled: bool,
}

/// That the runner takes no more work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving {
    pub(super) is_lost: bool,
    pub(super) since: Instant,
    pub(super) work_until: Instant,
}

/// That `serve()` was told to return.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopped {
    /// How long the process has to end by its own will.
    pub(super) until: Instant,
    pub(super) code: i32,
}

/// The user's check whether the runner may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    None,
    Runs,
    /// It runs, and its result does not count any more.
    Void,
}

impl Book {
    pub(super) fn new(settings: &TerminatorSettings, began: Instant) -> Self {
        Self {
            settings: settings.clone(),
            attach_by: began + settings.attach_timeout,
            is_attached: false,
            calls: BTreeMap::new(),
            grace_end: None,
            residents: 0,
            questions: 0,
            check: Check::None,
            leaving: None,
            said_goodbye: false,
            stopped: None,
            exited: None,
        }
    }

    /// The exit code, and whether it was forced.
    pub(super) fn end(&self) -> Option<(i32, bool)> {
        match (self.stopped, self.exited) {
            (Some(stopped), _) => Some((stopped.code, false)),
            (None, Some(code)) => Some((code, true)),
            (None, None) => None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.end().is_some()
    }

    /// Whether it takes work.
    pub(super) fn is_serving(&self) -> bool {
        self.is_attached && self.leaving.is_none() && !self.is_over()
    }

    pub(super) fn running(&self) -> impl Iterator<Item = CallId> {
        self.calls.keys().copied()
    }

    pub(super) fn knows(&self, event: Option<TerminatorEvent>) -> bool {
        match event {
            Some(TerminatorEvent::CallReceived { call, .. }) => self.calls.contains_key(&call),
            _ => false,
        }
    }

    /// When the work should have ended, if all of it was told to.
    pub(super) fn grace_until(&self) -> Option<Instant> {
        let all_cancelled = self.calls.values().all(|call| call.is_cancelled);
        self.grace_end.filter(|_| all_cancelled)
    }

    /// Whether it has neither work nor left values.
    pub(super) fn is_idle(&self) -> bool {
        self.is_serving() && self.calls.is_empty() && self.residents == 0
    }

    /// Writes down what the runner is told.
    pub(super) fn event(&mut self, event: TerminatorEvent, now: Instant) {
        match event {
            TerminatorEvent::Attached => self.is_attached |= !self.is_over(),
            TerminatorEvent::CallEnded { call } => {
                self.calls.remove(&call);
            }
            TerminatorEvent::ResidentsChanged { residents } => self.residents = residents,
            TerminatorEvent::DrainRequested { timeout } => self.leave(false, now, now + timeout),
            TerminatorEvent::ParentLost { .. } => {
                self.leave(true, now, now + self.settings.shutdown_timeout);
            }
            TerminatorEvent::IdleProposed => self.questions += 1,
            TerminatorEvent::IdleChecked { .. } => self.check = Check::None,
            TerminatorEvent::SettingsChanged {
                max_concurrency,
                shutdown_timeout,
                cancel_grace,
            } => {
                self.settings.max_concurrency = max_concurrency;
                self.settings.shutdown_timeout = shutdown_timeout;
                self.settings.cancel_grace = cancel_grace;
            }
            TerminatorEvent::CallReceived { .. }
            | TerminatorEvent::CancelRequested { .. }
            | TerminatorEvent::Refused => {}
        }
    }

    /// Writes down what the runner asks for.
    pub(super) fn action(
        &mut self,
        action: TerminatorAction,
        event: Option<TerminatorEvent>,
        now: Instant,
    ) {
        match (action, event) {
            (
                TerminatorAction::StartCall { call },
                Some(TerminatorEvent::CallReceived { link, .. }),
            ) => {
                let is_cancelled = false;
                self.calls.insert(call, Call { link, is_cancelled });
                self.void_check();
            }
            (TerminatorAction::CancelCall { call }, _) => {
                if let Some(call) = self.calls.get_mut(&call) {
                    call.is_cancelled = true;
                }
                let until = now + self.settings.cancel_grace;
                self.grace_end = self.grace_end.map(|end| end.max(until));
            }
            (TerminatorAction::RunIdleCheck, _) => self.check = Check::Runs,
            (TerminatorAction::AnswerIdle { .. }, _) => {
                self.questions = self.questions.saturating_sub(1);
            }
            (TerminatorAction::SayGoodbye, _) => self.said_goodbye = true,
            (TerminatorAction::Stop { code }, _) => {
                let until = now + self.settings.cancel_grace.max(Duration::from_secs(1));
                self.stopped = Some(Stopped { until, code });
            }
            (TerminatorAction::ExitProcess { code }, _) => self.exited = Some(code),
            _ => {}
        }
    }

    fn void_check(&mut self) {
        if self.check == Check::Runs {
            self.check = Check::Void;
        }
    }

    fn leave(&mut self, is_lost: bool, now: Instant, work_until: Instant) {
        self.void_check();
        let grace_end = now + self.settings.cancel_grace;
        if !self.is_attached || self.is_over() {
            return;
        }
        match &mut self.leaving {
            None => {
                self.grace_end = Some(grace_end);
                self.leaving = Some(Leaving {
                    is_lost,
                    since: now,
                    work_until,
                });
            }
            Some(leaving) if !leaving.is_lost => {
                leaving.work_until = leaving.work_until.min(work_until);
                if is_lost {
                    leaving.is_lost = true;
                    leaving.since = now;
                    self.grace_end = self.grace_end.max(Some(grace_end));
                }
            }
            // A second loss changes nothing, and a drain may still shorten its time.
            Some(leaving) if !is_lost => leaving.work_until = leaving.work_until.min(work_until),
            Some(_) => {}
        }
    }
}
