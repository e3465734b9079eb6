use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use flame_core::backend::ExitReport;
use flame_core::terminator::Link;
use flame_core::{CallId, CallerId, InstanceName, RunnerId};
use flame_task::{Outbound, Payload};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::error::{BootCause, CallError, LossReason, RunnerLost};
use crate::parent::Session;

/// How a call ended: with the encoded output, or without.
pub(super) type Answer = Result<Payload, CallError>;

/// What the driver keeps about a caller, beside what the state knows.
#[derive(Debug)]
pub(super) struct CallRecord {
    pub(super) work: Outbound,
    pub(super) link: Link,
    pub(super) submitted_at: Instant,
    pub(super) deadline: Option<Instant>,
    /// How often it was granted a slot.
    pub(super) grants: u32,
    /// Taken when the caller has its answer, or has left. The work may go on.
    pub(super) answer: Option<oneshot::Sender<Answer>>,
    /// Where it runs.
    pub(super) running: Option<(RunnerId, CallId)>,
    /// How the runner was lost that ran it last.
    pub(super) lost: Option<(RunnerId, RunnerLost)>,
}

impl CallRecord {
    pub(super) fn answer(&mut self, answer: Answer) {
        if let Some(sender) = self.answer.take() {
            // Whoever dropped the receiver does not want it.
            let _ = sender.send(answer);
        }
    }
}

/// What the driver keeps about a runner, from its boot until its instance is gone.
#[derive(Debug)]
pub(super) struct RunnerRecord {
    pub(super) instance: InstanceName,
    pub(super) provider_id: Option<String>,
    /// The task that creates the instance and then waits for its end.
    pub(super) boot: Option<JoinHandle<()>>,
    pub(super) exit: watch::Receiver<Option<ExitReport>>,
    pub(super) session: Option<Arc<Session>>,
    /// Why its boot failed, if it did.
    pub(super) failure: Option<BootCause>,
    /// Why it was lost, if it was.
    pub(super) loss: Option<LossReason>,
    /// It said goodbye, so it ends by itself.
    pub(super) finished: bool,
    pub(super) calls: HashMap<CallId, CallerId>,
    pub(super) last_call: u64,
}

impl RunnerRecord {
    /// Registers a call and returns its name on this session.
    pub(super) fn register(&mut self, caller: CallerId) -> CallId {
        self.last_call += 1;
        let call = CallId(self.last_call);
        self.calls.insert(call, caller);
        call
    }
}

/// The runner as logs and errors name it: the instance, and the provider's id where it is known.
pub(super) fn label(instance: &InstanceName, provider_id: Option<&str>) -> String {
    match provider_id {
        Some(id) => format!("{instance} ({id})"),
        None => instance.to_string(),
    }
}
