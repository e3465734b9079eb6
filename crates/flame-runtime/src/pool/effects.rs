use std::sync::Arc;

use flame_core::pool::{CancelReason, PoolAction, PoolEvent, RejectReason, WorkEnd};
use flame_core::{CallId, CallerId, RunnerId};
use flame_proto::frame::{Call, ParentFrame, TaskRef};
use flame_task::Leaving;

use super::metrics::Fate;
use super::records::{self, Running};
use super::shared::{Inner, Shared};
use crate::error::{CallError, LossReason, ResidentError, RunnerLost};
use crate::link::{self, Closed};
use crate::parent::Session;

impl Shared {
    /// One method per action; none of them waits.
    pub(super) fn carry_out(self: &Arc<Self>, inner: &mut Inner, action: PoolAction) {
        match action {
            PoolAction::BootInstance { runner } => self.boot(inner, runner),
            PoolAction::WelcomeRunner { runner } => self.welcome(inner, runner),
            PoolAction::RefuseRunner { runner } => {
                tracing::warn!(pool = %self.name, %runner, "a copy called back for a boot that is not wanted");
            }
            PoolAction::GrantSlot { caller, runner } => Self::grant(inner, caller, runner),
            PoolAction::RejectCaller { caller, reason } => self.reject(inner, caller, reason),
            PoolAction::ExpireCaller { caller } => self.expire(inner, caller),
            PoolAction::RetryCaller { caller, runner } => Self::retry(inner, caller, runner),
            PoolAction::LoseCaller { caller, runner } => self.lose(inner, caller, runner),
            PoolAction::CancelCall {
                caller,
                runner,
                reason,
            } => self.cancel(inner, caller, runner, reason),
            PoolAction::LoseResidents { caller, runner } => {
                self.lose_residents(inner, caller, runner);
            }
            PoolAction::ProposeIdle { runner } => {
                Self::send(inner, runner, ParentFrame::ProposeIdle);
            }
            PoolAction::DrainRunner { runner, reason } => {
                inner.tell_draining(runner, reason);
                let timeout = inner.settings.timeouts.shutdown_timeout;
                Self::send(inner, runner, ParentFrame::Drain { timeout });
            }
            PoolAction::FailBoot { runner } => self.fail_boot(inner, runner),
            PoolAction::TellLimits { runner } => {
                let limits = inner.settings.runner_limits();
                Self::send(inner, runner, ParentFrame::Limits(limits));
            }
            PoolAction::SuspectLink => {
                tracing::warn!(pool = %self.name, "own link suspected: all runners fell silent at about the same time");
            }
            PoolAction::DestroyInstance { runner } => self.destroy(inner, runner),
            PoolAction::ConfirmShutdown => {
                inner.outlet.close(inner.state.counts());
                self.progress
                    .send_modify(|progress| progress.stopped = true);
            }
        }
    }

    fn welcome(&self, inner: &mut Inner, runner: RunnerId) {
        let Some(record) = inner.runners.get_mut(&runner) else {
            return;
        };
        let settings = inner.settings.session(self.entrance.is_inside());
        let session = Session::open(runner, &settings);
        record.session = Some(session.clone());
        inner.opened = Some(session);
        inner.last_failure = None;
        inner.tell_ready(runner, self.threads.now());
    }

    fn grant(inner: &mut Inner, caller: CallerId, runner: RunnerId) {
        let now = inner.now;
        let call = inner
            .runners
            .get_mut(&runner)
            .zip(inner.calls.get_mut(&caller))
            .and_then(|(record, call)| {
                let session = record.session.as_ref()?.clone();
                let id = record.register(caller);
                call.grants += 1;
                call.running = Some(Running {
                    call: id,
                    since: now,
                });
                let channels = session.channels();
                let (arguments, leaving) = channels.dispatch(id, call.work.payload.clone());
                let frame = ParentFrame::Call(Call {
                    id,
                    caller: caller.0,
                    task: task_ref(call.work.task),
                    arguments: link::send(arguments, session.inline_limit(), session.bulk()),
                    budget: call
                        .deadline
                        .map(|deadline| deadline.saturating_duration_since(now)),
                    link: call.link,
                    attempt: call.grants,
                    trace: call.around.headers(),
                    announce: call.announce,
                });
                match session.outbox().put(frame) {
                    Ok(reader) => {
                        if let Some(reader) = reader {
                            inner.afterwards.wake(reader);
                        }
                        leaving.into_iter().for_each(Leaving::start);
                        inner.outlet.meter.sent(call.work.payload.size());
                        Some(())
                    }
                    Err(Closed) => {
                        channels.take_back(id);
                        None
                    }
                }
            });
        if call.is_none() {
            // The session has just ended: no byte of the call was handed over.
            if let Some(call) = inner.calls.get_mut(&caller) {
                call.running = None;
            }
            inner
                .follow_ups
                .push_back(PoolEvent::CallReturned { caller });
        }
    }

    fn reject(&self, inner: &mut Inner, caller: CallerId, reason: RejectReason) {
        let Some(mut call) = inner.calls.remove(&caller) else {
            return;
        };
        let waited = self
            .threads
            .now()
            .saturating_duration_since(call.submitted_at);
        let failure = inner.last_failure.as_ref();
        let error = match reason {
            RejectReason::QueueFull => CallError::QueueFull {
                limit: inner.settings.limits.max_queue(),
            },
            RejectReason::PoolShutdown => CallError::PoolShutdown,
            RejectReason::ResidentsGone => CallError::Resident {
                task: call.work.name(),
                error: ResidentError::Gone,
            },
            // Whoever waited in vain while boots failed wants to know about the boots.
            RejectReason::QueueTimeout | RejectReason::BootFailed => match failure {
                Some((at, failure))
                    if reason == RejectReason::BootFailed || *at >= call.submitted_at =>
                {
                    CallError::BootFailed(failure.clone())
                }
                Some(_) | None => CallError::QueueTimeout { waited },
            },
        };
        let fate = Fate::Rejected(reason);
        inner.outlet.meter.answered(&call, fate, &self.threads);
        call.answer(Err(error));
    }

    fn expire(&self, inner: &mut Inner, caller: CallerId) {
        let Some(call) = inner.calls.get_mut(&caller) else {
            return;
        };
        let after = self
            .threads
            .now()
            .saturating_duration_since(call.submitted_at);
        let task = call.work.name();
        let meter = &mut inner.outlet.meter;
        meter.answered(call, Fate::Expired, &self.threads);
        call.answer(Err(CallError::DeadlineExceeded { task, after }));
    }

    /// The call waits again, and is told of this loss if it cannot be begun again.
    fn retry(inner: &mut Inner, caller: CallerId, runner: RunnerId) {
        let Some(task) = inner.calls.get(&caller).map(|call| call.work.name()) else {
            return;
        };
        let lost = Self::loss(inner, runner, task);
        if let Some(record) = inner.runners.get_mut(&runner) {
            record.lost_calls += 1;
        }
        if let Some(call) = inner.calls.get_mut(&caller) {
            call.lost = Some(Box::new((runner, lost)));
            let ran_as = call.running.take();
            if let Some((record, ran)) = inner.runners.get_mut(&runner).zip(ran_as) {
                record.calls.remove(&ran.call);
            }
        }
    }

    fn lose(&self, inner: &mut Inner, caller: CallerId, runner: RunnerId) {
        let Some(mut call) = inner.calls.remove(&caller) else {
            return;
        };
        let lost = match call.lost.take().filter(|lost| lost.0 == runner) {
            Some(lost) => lost.1,
            None => {
                if let Some(record) = inner.runners.get_mut(&runner) {
                    record.lost_calls += 1;
                }
                Self::loss(inner, runner, call.work.name())
            }
        };
        let meter = &mut inner.outlet.meter;
        meter.answered(&call, Fate::Lost, &self.threads);
        call.answer(Err(CallError::RunnerLost(lost)));
    }

    fn loss(inner: &Inner, runner: RunnerId, task: &'static str) -> RunnerLost {
        let record = inner.runners.get(&runner);
        let reason = record
            .and_then(|record| record.loss.clone())
            .unwrap_or(LossReason::Poisoned);
        let label = record.map_or_else(
            || runner.to_string(),
            |record| records::label(&record.instance, record.provider_id.as_deref()),
        );
        RunnerLost {
            runner: label,
            task,
            reason,
        }
    }

    fn cancel(&self, inner: &mut Inner, caller: CallerId, runner: RunnerId, reason: CancelReason) {
        let Some(call) = inner.calls.get_mut(&caller) else {
            return;
        };
        let Some(Running { call: id, .. }) = call.running else {
            return;
        };
        if reason == CancelReason::PoolShutdown {
            let task = call.work.name();
            let fate = Fate::Ended(WorkEnd::Cancelled);
            inner.outlet.meter.answered(call, fate, &self.threads);
            call.answer(Err(CallError::Cancelled { task }));
        }
        Self::send(inner, runner, ParentFrame::Cancel { call: id });
    }

    pub(super) fn send(inner: &Inner, runner: RunnerId, frame: ParentFrame) {
        if let Some(session) = inner
            .runners
            .get(&runner)
            .and_then(|record| record.session.as_ref())
        {
            session.send(frame);
        }
    }

    /// Forgets that the call runs there, and says whose it was.
    pub(super) fn end_call(
        &self,
        inner: &mut Inner,
        runner: RunnerId,
        call: CallId,
    ) -> Option<CallerId> {
        let caller = inner.runners.get_mut(&runner)?.calls.remove(&call)?;
        if let Some(record) = inner.calls.get_mut(&caller) {
            record.running = None;
        }
        Some(caller)
    }
}

fn task_ref(task: &flame_task::Entry) -> TaskRef {
    // Runners are of the same build, so the exact identity is known to both sides.
    TaskRef::Exact(task.exact())
}
