use std::fmt;
use std::sync::Arc;

use flame_core::pool::{PoolEvent, SlotAfter};
use flame_core::{CallId, RunnerId};
use flame_proto::frame::{self, Failure, Refusal, RunnerFrame};
use flame_task::PanicReport;
use futures_util::FutureExt;

use super::records::{self, Answer};
use super::shared::{Inner, Shared};
use crate::error::CallError;
use crate::link::{self, PayloadError, Receiving};
use crate::parent::Session;

/// A frame that no honest runner sends.
#[derive(Debug)]
pub(crate) enum BrokenProtocol {
    /// A second hello.
    SecondHello,
    /// News of a call that this session does not run.
    UnknownCall(CallId),
}

impl fmt::Display for BrokenProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecondHello => f.write_str("it said hello twice"),
            Self::UnknownCall(call) => write!(f, "it sent news of {call}, which it was not given"),
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
        let mut inner = self.lock();
        frames
            .into_iter()
            .try_for_each(|frame| self.handle_frame(&mut inner, session, frame))
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
            RunnerFrame::Done { call, output, .. } => self.done(inner, session, call, output)?,
            RunnerFrame::Failed { call, failure } => {
                self.fail(inner, runner, call, |task, runner| {
                    failed(task, runner, failure)
                })?;
            }
            RunnerFrame::Refused {
                call,
                refusal: Refusal::Draining | Refusal::Busy,
            } => {
                self.take_back(inner, runner, call)?;
            }
            RunnerFrame::Refused { call, refusal } => {
                self.fail(inner, runner, call, |task, _| refused(task, refusal))?;
            }
            RunnerFrame::IdleAnswer { idle } => {
                self.handle_locked(inner, PoolEvent::IdleAnswered { runner, idle });
            }
            RunnerFrame::Draining => {
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

    fn done(
        self: &Arc<Self>,
        inner: &mut Inner,
        session: &Arc<Session>,
        call: CallId,
        output: frame::Payload,
    ) -> Result<(), BrokenProtocol> {
        let runner = session.runner();
        self.check_running(inner, runner, call)?;
        match link::receive(output, self.settings.max_payload, session.bulk()) {
            Ok(output) if output.is_here() => {
                if let Some(answer) = output.whole().now_or_never() {
                    self.finish(inner, runner, call, answer.map_err(not_received));
                }
            }
            Ok(output) => {
                // The slot stays taken until the whole result is here, so that the deadline and the loss of
                // the runner still find the caller.
                self.threads
                    .spawn_control(collect(self.clone(), runner, call, output));
            }
            Err(error) => self.finish(inner, runner, call, Err(not_received(error))),
        }
        Ok(())
    }

    fn fail(
        self: &Arc<Self>,
        inner: &mut Inner,
        runner: RunnerId,
        call: CallId,
        error: impl FnOnce(&'static str, String) -> CallError,
    ) -> Result<(), BrokenProtocol> {
        self.check_running(inner, runner, call)?;
        let label = inner
            .runners
            .get(&runner)
            .map_or_else(String::new, |record| {
                records::label(&record.instance, record.provider_id.as_deref())
            });
        let answer = Err(error(self.task_name(inner, runner, call), label));
        self.finish(inner, runner, call, answer);
        Ok(())
    }

    /// The runner would not start it, and it may be asked elsewhere.
    fn take_back(
        self: &Arc<Self>,
        inner: &mut Inner,
        runner: RunnerId,
        call: CallId,
    ) -> Result<(), BrokenProtocol> {
        let caller = self
            .end_call(inner, runner, call)
            .ok_or(BrokenProtocol::UnknownCall(call))?;
        if inner
            .calls
            .get(&caller)
            .is_some_and(|record| record.answer.is_none())
        {
            inner.calls.remove(&caller);
        }
        self.handle_locked(inner, PoolEvent::CallReturned { caller });
        Ok(())
    }

    /// The work has ended: the caller has its answer, and then the slot is free.
    fn finish(self: &Arc<Self>, inner: &mut Inner, runner: RunnerId, call: CallId, answer: Answer) {
        let Some(caller) = self.end_call(inner, runner, call) else {
            return;
        };
        if let Some(mut record) = inner.calls.remove(&caller) {
            record.answer(answer);
        }
        self.handle_locked(
            inner,
            PoolEvent::CallEnded {
                caller,
                slot: SlotAfter::Free,
            },
        );
    }

    fn check_running(
        &self,
        inner: &Inner,
        runner: RunnerId,
        call: CallId,
    ) -> Result<(), BrokenProtocol> {
        let known = inner
            .runners
            .get(&runner)
            .is_some_and(|record| record.calls.contains_key(&call));
        if known {
            Ok(())
        } else {
            Err(BrokenProtocol::UnknownCall(call))
        }
    }

    fn task_name(&self, inner: &Inner, runner: RunnerId, call: CallId) -> &'static str {
        let caller = inner
            .runners
            .get(&runner)
            .and_then(|record| record.calls.get(&call));
        caller
            .and_then(|caller| inner.calls.get(caller))
            .map_or("a task", |record| record.work.name)
    }
}

/// Finishes a call when its result has arrived over the bulk connection.
async fn collect(pool: Arc<Shared>, runner: RunnerId, call: CallId, output: Receiving) {
    match output.whole().await {
        Ok(output) => {
            let mut inner = pool.lock();
            pool.finish(&mut inner, runner, call, Ok(output));
        }
        // The session has ended too, and the loss of the runner tells the caller.
        Err(error) => tracing::debug!(%runner, %call, %error, "a result was lost"),
    }
}

fn failed(task: &'static str, runner: String, failure: Failure) -> CallError {
    match failure {
        Failure::Panicked(panic) => CallError::Panicked {
            task,
            runner,
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

fn refused(task: &'static str, refusal: Refusal) -> CallError {
    match refusal {
        Refusal::UnknownTask { message } => CallError::UnknownTask { task, message },
        Refusal::DecodeArgs { message } => CallError::DecodeArgs { task, message },
        Refusal::NotProvided { type_name } => CallError::NotProvided { task, type_name },
        Refusal::TooLarge { size, limit } => CallError::PayloadTooLarge { size, limit },
        Refusal::Draining | Refusal::Busy => CallError::PoolShutdown,
    }
}

fn not_received(error: PayloadError) -> CallError {
    match error {
        PayloadError::TooLarge { size, limit } => CallError::ResultTooLarge { size, limit },
        PayloadError::Lost(lost) => CallError::DecodeResult {
            task: "a task",
            message: lost.to_string(),
        },
    }
}
