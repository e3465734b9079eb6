use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{bail, ensure};
use flame_runtime::{CallError, LossReason, Outcome};
use flame_task::Blob;

use crate::plan::{BOOT, Fault, GRACE, Plan, PlannedCall, SILENCE};
use crate::trace;
use crate::work;

/// Until silence is a loss, at the most: the tick that finds it comes a fifth of the bound after it.
const LOST_AFTER: Duration = SILENCE.saturating_mul(6).checked_div(5).unwrap();
/// How long the parent asks for the end of a runner whose connection was closed.
const POST_MORTEM: Duration = Duration::from_millis(500);
/// A second of the promises, for what a runner does when it ends.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Messages on their way, and the grain of the simulation.
const SLACK: Duration = Duration::from_millis(400);
/// How exact deadlines are.
const EXACT: Duration = Duration::from_millis(20);

/// What happened in a life, as far as promises are about it.
#[derive(Debug, Default)]
pub(crate) struct Book {
    machines: Vec<HostBook>,
    calls: Vec<CallBook>,
    broken: Vec<String>,
    pub(crate) is_shutting_down: bool,
}

pub(crate) type SharedBook = Rc<RefCell<Book>>;

#[derive(Debug)]
struct HostBook {
    name: String,
    started_at: Duration,
    ready_at: Option<Duration>,
    /// By a fault that may cost something.
    struck: Option<(Duration, Fault)>,
    ended_at: Option<Duration>,
    lost_at: Option<Duration>,
}

#[derive(Debug)]
struct CallBook {
    call: PlannedCall,
    submitted_at: Duration,
    answered_at: Duration,
    answer: Result<(u64, Blob), CallError>,
}

impl Book {
    pub(crate) fn started(&mut self, at: Duration, name: &str) {
        self.machines.push(HostBook {
            name: name.to_owned(),
            started_at: at,
            ready_at: None,
            struck: None,
            ended_at: None,
            lost_at: None,
        });
    }

    pub(crate) fn ready(&mut self, at: Duration, name: &str) {
        let Some((number, machine)) = self.machine(name) else {
            return;
        };
        machine.ready_at = Some(at);
        trace::note(at, &format!("m{number} is ready"));
    }

    pub(crate) fn lost(&mut self, at: Duration, name: &str, reason: &LossReason) {
        let Some((number, machine)) = self.machine(name) else {
            return;
        };
        machine.lost_at = Some(at);
        let is_explained = machine.struck.is_some();
        trace::note(at, &format!("m{number} is lost: {reason:?}"));
        if !is_explained {
            self.broken
                .push(format!("m{number} was lost without a reason: {reason:?}"));
        }
    }

    pub(crate) fn struck(&mut self, at: Duration, machine: usize, fault: Fault) {
        if !fault.is_mild() {
            self.machines[machine].struck.get_or_insert((at, fault));
        }
    }

    pub(crate) fn ended(&mut self, at: Duration, machine: usize) {
        self.machines[machine].ended_at = Some(at);
    }

    pub(crate) fn answered(
        &mut self,
        call: PlannedCall,
        submitted_at: Duration,
        answered_at: Duration,
        answer: Result<(u64, Blob), CallError>,
    ) {
        self.calls.push(CallBook {
            call,
            submitted_at,
            answered_at,
            answer,
        });
    }

    /// Logs name an instance with the provider's id behind it.
    fn machine(&mut self, name: &str) -> Option<(usize, &mut HostBook)> {
        let mut machines = self.machines.iter_mut().enumerate();
        machines.find(|(_, machine)| name.starts_with(&machine.name))
    }

    /// What is to be said of the life, or the promise that was broken.
    pub(crate) fn judge(&self, plan: &Plan) -> anyhow::Result<String> {
        if let Some(broken) = self.broken.first() {
            bail!("{broken}");
        }
        let calls = self.calls.len();
        ensure!(
            calls == plan.calls.len(),
            "{calls} calls of {} were answered",
            plan.calls.len()
        );
        for call in &self.calls {
            self.judge_call(call, plan.is_mild)?;
        }
        for (number, machine) in self.machines.iter().enumerate() {
            machine.judge(number)?;
        }
        Ok(self.to_string())
    }

    fn judge_call(&self, book: &CallBook, is_mild: bool) -> anyhow::Result<()> {
        let (call, id) = (&book.call, book.call.id);
        let runs = work::runs(id);
        let allowed = 1 + call.retries;
        ensure!(
            runs.begun <= allowed,
            "call {id} began {} times, not {allowed}",
            runs.begun
        );
        let waited = book.answered_at - book.submitted_at;
        let error = match &book.answer {
            Ok((of, bytes)) => {
                ensure!(*of == id, "call {id} was given the result of {of}");
                ensure!(
                    **bytes == *work::bytes_of(call),
                    "call {id} was given other bytes"
                );
                ensure!(runs.ended > 0, "call {id} has a result and did not end");
                return Ok(());
            }
            Err(error) => error,
        };
        ensure!(
            !is_mild,
            "call {id} failed where nothing may cost anything: {error}"
        );
        if error.outcome() == Outcome::NotStarted && call.retries == 0 {
            ensure!(
                runs.begun == 0,
                "call {id} began and was called not started: {error}"
            );
        }
        if let CallError::RunnerLost(lost) = error {
            return self.judge_loss(id, book.answered_at, &lost.runner);
        }
        let is_late = matches!(
            error,
            CallError::QueueTimeout { .. } | CallError::DeadlineExceeded { .. }
        );
        ensure!(is_late, "call {id} failed for no fault: {error}");
        ensure!(
            waited >= call.timeout && waited <= call.timeout + EXACT,
            "call {id} was to end after {:?} and did after {waited:?}",
            call.timeout
        );
        Ok(())
    }

    fn judge_loss(&self, id: u64, told_at: Duration, runner: &str) -> anyhow::Result<()> {
        let machine = self
            .machines
            .iter()
            .find(|machine| runner.starts_with(&machine.name));
        let Some((at, fault)) = machine.and_then(|machine| machine.struck) else {
            bail!("call {id} lost a runner that nothing has struck");
        };
        let bound = if fault.is_silence() {
            LOST_AFTER + GRACE + POST_MORTEM + SLACK
        } else if fault == Fault::PowerLoss {
            LOST_AFTER + SLACK
        } else {
            POST_MORTEM + SLACK
        };
        ensure!(
            told_at <= at + bound,
            "call {id} heard {:?} after {fault:?} of its loss, not within {bound:?}",
            told_at - at
        );
        Ok(())
    }
}

impl HostBook {
    /// A runner that hears nothing, or is not heard, ends within its bound, whatever its provider does.
    fn judge(&self, number: usize) -> anyhow::Result<()> {
        let Some((at, fault)) = self.struck.filter(|(_, fault)| fault.is_silence()) else {
            return Ok(());
        };
        let lives = LOST_AFTER + GRACE + LAST_WORDS + SLACK;
        let boots = self.started_at + BOOT + GRACE + LAST_WORDS + SLACK;
        let bound = match self.ready_at {
            Some(ready_at) if ready_at <= at => at + lives,
            _ => boots.max(at + lives),
        };
        let Some(ended_at) = self.ended_at else {
            bail!("m{number} never ended");
        };
        ensure!(
            ended_at <= bound,
            "m{number} was struck by {fault:?} at {at:?} and ended at {ended_at:?}, not by {bound:?}"
        );
        if let Some(lost_at) = self.lost_at.filter(|lost_at| *lost_at > at) {
            let bound = at + LOST_AFTER + GRACE + POST_MORTEM + SLACK;
            ensure!(
                lost_at <= bound || self.ready_at.is_none_or(|ready_at| ready_at > at),
                "m{number} was struck by {fault:?} at {at:?} and its parent knew at {lost_at:?}, not by {bound:?}"
            );
        }
        Ok(())
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answered = self.calls.iter().filter(|call| call.answer.is_ok()).count();
        let lost = self
            .machines
            .iter()
            .filter(|machine| machine.lost_at.is_some());
        write!(
            f,
            "{} calls, {answered} with a result; {} machines, {} lost",
            self.calls.len(),
            self.machines.len(),
            lost.count()
        )
    }
}
