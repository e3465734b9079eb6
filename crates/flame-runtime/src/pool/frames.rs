use std::fmt;
use std::sync::Arc;

use flame_core::pool::{DrainReason, PoolEvent, SlotAfter, WorkEnd};
use flame_core::{CallId, CallerId, RunnerId};
use flame_proto::frame::{self, Failure, PortFrame, Refusal, RunnerFrame};
use flame_task::{OverCredit, PanicReport, RemoteValues};

use super::locked::Answers;
use super::metrics::Fate;
use super::records::{Answer, Output, RunnerRecord};
use super::shared::{Inner, Shared};
use crate::error::CallError;
use crate::link::{self, Coming, Receiving, TooLarge};
use crate::parent::Session;

/// A frame that no honest runner sends.
#[derive(Debug)]
pub(crate) enum BrokenProtocol {
    /// A second hello.
    SecondHello,
    /// News of a call that this session does not run.
    UnknownCall(CallId),
    /// A refusal of work that it said lives.
    RefusedAfterAccepted(CallId),
    /// More items than a channel has room for.
    OverCredit(OverCredit),
}

impl fmt::Display for BrokenProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecondHello => f.write_str("it said hello twice"),
            Self::UnknownCall(call) => write!(f, "it sent news of {call}, which it was not given"),
            Self::RefusedAfterAccepted(call) => {
                write!(f, "it refused {call}, which it had accepted")
            }
            Self::OverCredit(over) => over.fmt(f),
        }
    }
}

impl Shared {
    /// Handles what a runner sent in one batch.
    pub(crate) fn handle_frames(
        self: &Arc<Self>,
        session: &Arc<Session>,
        frames: Vec<RunnerFrame>,
    ) -> Result<(), BrokenProtocol> {
        let mut answers = Answers::default();
        for frame in frames {
            if let RunnerFrame::Port(frame) = frame {
                // What wakes users of channels does not do so under the pool's lock.
                self.port_frame(session, frame)?;
            } else if let RunnerFrame::Event(event) = frame {
                // Neither does what takes events.
                self.event(session.runner(), event);
            } else {
                // A lock for each, and not one for all: between two, callers come in.
                let mut inner = self.lock();
                self.handle_frame(&mut inner, session, frame)?;
                answers.add(inner.release_without_answer());
            }
        }
        Ok(())
    }

    fn port_frame(
        self: &Arc<Self>,
        session: &Arc<Session>,
        frame: PortFrame,
    ) -> Result<(), BrokenProtocol> {
        let (call, runner) = (frame.call, session.runner());
        let runs = || {
            let inner = self.lock();
            let record = inner.runners.get(&runner);
            record.is_some_and(|record| record.calls.contains_key(&call))
        };
        let heard = session.channels().heard(frame, runs);
        heard.map_err(BrokenProtocol::OverCredit)
    }

    fn handle_frame(
        self: &Arc<Self>,
        inner: &mut Inner,
        session: &Arc<Session>,
        frame: RunnerFrame,
    ) -> Result<(), BrokenProtocol> {
        let runner = session.runner();
        match frame {
            RunnerFrame::Hello(_) => return Err(BrokenProtocol::SecondHello),
            RunnerFrame::Heartbeat => {}
            RunnerFrame::Done {
                call,
                output,
                residents,
                ..
            } => self.done(inner, session, call, (output, residents))?,
            RunnerFrame::Failed { call, failure } => {
                let work = self.work(inner, runner, call)?;
                let end = match failure {
                    Failure::Cancelled => WorkEnd::Cancelled,
                    Failure::Panicked(_)
                    | Failure::EncodeResult { .. }
                    | Failure::ResultTooLarge { .. } => WorkEnd::Failed,
                };
                let answer = Err(failed(inner, runner, work.task, failure));
                self.finish(inner, runner, call, end, answer);
                session.channels().call_ended(call);
            }
            RunnerFrame::Refused { call, refusal } => {
                let work = self.work(inner, runner, call)?;
                if work.is_accepted {
                    return Err(BrokenProtocol::RefusedAfterAccepted(call));
                }
                match refused(work.task, refusal) {
                    Some(error) => {
                        session.channels().call_refused(call);
                        self.finish(inner, runner, call, WorkEnd::NotStarted, Err(error));
                    }
                    None => {
                        session.channels().take_back(call);
                        self.take_back(inner, runner, call);
                    }
                }
            }
            RunnerFrame::Accepted { call } => self.accepted(inner, runner, call)?,
            RunnerFrame::Port(frame) => return Err(BrokenProtocol::UnknownCall(frame.call)),
            RunnerFrame::Event(event) => self.event(runner, event),
            RunnerFrame::IdleAnswer { idle } => {
                self.handle_locked(inner, PoolEvent::IdleAnswered { runner, idle });
            }
            RunnerFrame::Draining => {
                inner.tell_draining(runner, DrainReason::ByItself);
                self.handle_locked(inner, PoolEvent::RunnerDraining { runner });
            }
            RunnerFrame::Goodbye { code, reason } => {
                tracing::debug!(pool = %self.name, %runner, code, reason, "goodbye");
                if let Some(record) = inner.runners.get_mut(&runner) {
                    record.finished = true;
                }
                self.handle_locked(inner, PoolEvent::RunnerFinished { runner });
            }
        }
        Ok(())
    }

    /// Placed work lives. The state hears of it first: a deadline that has passed by now has passed before.
    fn accepted(
        self: &Arc<Self>,
        inner: &mut Inner,
        runner: RunnerId,
        call: CallId,
    ) -> Result<(), BrokenProtocol> {
        let record = inner.runners.get(&runner);
        let caller = record.and_then(|record| record.calls.get(&call).copied());
        let caller = caller.ok_or(BrokenProtocol::UnknownCall(call))?;
        self.handle_locked(inner, PoolEvent::ChildAccepted { caller });
        if let Some(record) = inner.calls.get_mut(&caller) {
            record.accept();
        }
        Ok(())
    }

    fn done(
        self: &Arc<Self>,
        inner: &mut Inner,
        session: &Arc<Session>,
        call: CallId,
        (output, residents): (frame::Payload, Vec<u64>),
    ) -> Result<(), BrokenProtocol> {
        let runner = session.runner();
        let caller = self.work(inner, runner, call)?.caller;
        // Should the result not be taken, these go, and tell the runner so.
        let left = self.keep(inner, runner, caller, residents);
        match link::receive(output, inner.settings.max_payload, session.bulk()) {
            Ok(Receiving::Here(payload)) => {
                self.returned(inner, session, call, Output { payload, left });
            }
            Ok(Receiving::Coming(output)) => {
                // The slot stays taken until the whole result is here, so that the deadline and the loss of
                // the runner still find the caller.
                self.threads.spawn_control(collect(
                    self.clone(),
                    session.clone(),
                    call,
                    (output, left),
                ));
            }
            Err(TooLarge { size, limit }) => {
                self.finish(
                    inner,
                    runner,
                    call,
                    WorkEnd::Failed,
                    Err(CallError::ResultTooLarge { size, limit }),
                );
                session.channels().call_ended(call);
            }
        }
        Ok(())
    }

    /// The work has ended, and its output is here.
    fn returned(
        self: &Arc<Self>,
        inner: &mut Inner,
        session: &Session,
        call: CallId,
        Output { payload, left }: Output,
    ) {
        let runner = session.runner();
        let answer = match session.channels().claim(call, payload) {
            Ok(payload) => Ok(Output { payload, left }),
            Err(error) => Err(CallError::DecodeResult {
                task: self
                    .work(inner, runner, call)
                    .map_or("a task", |work| work.task),
                message: error.to_string(),
            }),
        };
        self.finish(inner, runner, call, WorkEnd::Returned, answer);
        session.channels().call_ended(call);
    }

    /// The runner would not start it, and it may be asked elsewhere.
    fn take_back(self: &Arc<Self>, inner: &mut Inner, runner: RunnerId, call: CallId) {
        let Some(caller) = self.end_call(inner, runner, call) else {
            return;
        };
        if inner
            .calls
            .get(&caller)
            .is_some_and(|record| record.reply.is_none())
        {
            inner.calls.remove(&caller);
        }
        self.handle_locked(inner, PoolEvent::CallReturned { caller });
    }

    /// The work has ended.
    ///
    /// The state hears of it first: a deadline that has passed by now has passed before the end, and then the
    /// caller has its answer already. So what callers are told is what is counted.
    fn finish(
        self: &Arc<Self>,
        inner: &mut Inner,
        runner: RunnerId,
        call: CallId,
        end: WorkEnd,
        answer: Answer,
    ) {
        let record = inner.runners.get(&runner);
        let Some(caller) = record.and_then(|record| record.calls.get(&call).copied()) else {
            return;
        };
        let leaves_values = answer.as_ref().is_ok_and(|output| !output.left.is_empty());
        let slot = if leaves_values {
            SlotAfter::KeptByResidents
        } else {
            SlotAfter::Free
        };
        self.handle_locked(inner, PoolEvent::CallEnded { caller, end, slot });
        self.end_call(inner, runner, call);
        if let Ok(output) = &answer {
            inner.outlet.meter.received(output.payload.size());
        }
        if let Some(record) = inner.calls.remove(&caller) {
            let was_lost = end == WorkEnd::NotStarted && record.lost.is_some();
            let fate = if was_lost {
                Fate::Lost
            } else {
                Fate::Ended(end)
            };
            inner.outlet.meter.answered(&record, fate, &self.threads);
            inner.afterwards.answer(record, answer);
        }
    }

    /// What the runner has news of; news of anything else is a lie.
    fn work(&self, inner: &Inner, runner: RunnerId, call: CallId) -> Result<Work, BrokenProtocol> {
        let record = inner
            .runners
            .get(&runner)
            .ok_or(BrokenProtocol::UnknownCall(call))?;
        let caller = record
            .calls
            .get(&call)
            .ok_or(BrokenProtocol::UnknownCall(call))?;
        let call = inner.calls.get(caller);
        Ok(Work {
            caller: *caller,
            // Its caller may have been told already that the runner is as good as lost.
            task: call.map_or("a task", |record| record.work.name()),
            is_accepted: call.is_some_and(|record| record.is_accepted),
        })
    }
}

/// A call on a runner.
struct Work {
    caller: CallerId,
    task: &'static str,
    is_accepted: bool,
}

/// Finishes a call when its result has arrived over the bulk connection.
async fn collect(
    pool: Arc<Shared>,
    session: Arc<Session>,
    call: CallId,
    (output, left): (Coming, RemoteValues),
) {
    let runner = session.runner();
    match output.whole().await {
        Ok(payload) => {
            let mut inner = pool.lock();
            pool.returned(&mut inner, &session, call, Output { payload, left });
        }
        // The session lives as long as both its connections: the loss of the runner tells the caller.
        Err(error) => tracing::debug!(%runner, %call, %error, "a result was lost"),
    }
}

fn failed(inner: &Inner, runner: RunnerId, task: &'static str, failure: Failure) -> CallError {
    let label = || {
        let record = inner.runners.get(&runner);
        record.map_or_else(|| runner.to_string(), RunnerRecord::label)
    };
    match failure {
        Failure::Panicked(panic) => CallError::Panicked {
            task,
            runner: label(),
            panic: PanicReport {
                message: panic.message,
                location: panic.location,
                backtrace: panic.backtrace,
            },
        },
        Failure::Cancelled => CallError::Cancelled { task },
        Failure::EncodeResult { message } => CallError::EncodeResult { task, message },
        Failure::ResultTooLarge { size, limit } => CallError::ResultTooLarge { size, limit },
    }
}

/// Why the call fails that a runner would not start. `None` when it may be asked elsewhere.
fn refused(task: &'static str, refusal: Refusal) -> Option<CallError> {
    match refusal {
        Refusal::Draining | Refusal::Busy => None,
        Refusal::UnknownTask { message } => Some(CallError::UnknownTask { task, message }),
        Refusal::DecodeArgs { message } => Some(CallError::DecodeArgs { task, message }),
        Refusal::NotProvided { type_name } => Some(CallError::NotProvided { task, type_name }),
        Refusal::TooLarge { size, limit } => Some(CallError::PayloadTooLarge { size, limit }),
    }
}
