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
    pub(super) last_cancel: Option<Instant>,
    pub(super) residents: usize,
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
    pub(super) at: Instant,
    pub(super) code: i32,
}

impl Book {
    pub(super) fn new(settings: &TerminatorSettings, began: Instant) -> Self {
        Self {
            settings: settings.clone(),
            attach_by: began + settings.attach_timeout,
            is_attached: false,
            calls: BTreeMap::new(),
            last_cancel: None,
            residents: 0,
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
        let latest = self.last_cancel.max(Some(self.leaving?.since))?;
        let all_cancelled = self.calls.values().all(|call| call.is_cancelled);
        all_cancelled.then_some(latest + self.settings.cancel_grace)
    }

    /// How long the process has to end by its own will.
    pub(super) fn failsafe(&self) -> Duration {
        self.settings.cancel_grace.max(Duration::from_secs(1))
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
            TerminatorEvent::CallReceived { .. }
            | TerminatorEvent::CancelRequested { .. }
            | TerminatorEvent::IdleProposed
            | TerminatorEvent::IdleChecked { .. }
            | TerminatorEvent::SettingsChanged { .. }
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
            }
            (TerminatorAction::CancelCall { call }, _) => {
                if let Some(call) = self.calls.get_mut(&call) {
                    call.is_cancelled = true;
                }
                self.last_cancel = Some(now);
            }
            (TerminatorAction::SayGoodbye, _) => self.said_goodbye = true,
            (TerminatorAction::Stop { code }, _) => self.stopped = Some(Stopped { at: now, code }),
            (TerminatorAction::ExitProcess { code }, _) => self.exited = Some(code),
            _ => {}
        }
    }

    fn leave(&mut self, is_lost: bool, now: Instant, work_until: Instant) {
        if !self.is_attached || self.is_over() {
            return;
        }
        match &mut self.leaving {
            None => {
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
                }
            }
            // A second loss changes nothing, and a drain may still shorten its time.
            Some(leaving) if !is_lost => leaving.work_until = leaving.work_until.min(work_until),
            Some(_) => {}
        }
    }
}
