use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use flame_core::backend::ExitReport;
use flame_core::pool::CallerKind;
use flame_core::quota::Quota;
use flame_core::terminator::Link;
use flame_core::{CallId, CallerId, InstanceName, RunnerId};
use flame_proto::frame::Announce;
use flame_task::{Outbound, Payload, RemoteValues};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::ticket::Terms;
use super::unheard::Unheard;
use crate::error::{BootCause, CallError, LossReason, Outcome, RunnerLost};
use crate::parent::Session;
use crate::trace::Around;

/// What a call gives back.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) payload: Payload,
    /// Handles of what it has left on its runner.
    pub(super) left: RemoteValues,
}

/// How a call ended: with its output, or without.
pub(super) type Answer = Result<Output, CallError>;

/// The same as it waits for its caller, of whom there may be many: an answer takes no room before there is one.
pub(super) type Sent = Result<Box<Output>, Box<CallError>>;

/// What the driver keeps about a caller, beside what the state knows.
#[derive(Debug)]
pub(super) struct CallRecord {
    pub(super) work: Outbound,
    pub(super) kind: CallerKind,
    pub(super) link: Link,
    /// When its runner says that it lives, if it is placed.
    pub(super) announce: Announce,
    /// Whether the runner said so.
    pub(super) is_accepted: bool,
    pub(super) submitted_at: Instant,
    pub(super) deadline: Option<Instant>,
    /// How often it was granted a slot.
    pub(super) grants: u32,
    /// Taken when the caller has its answer, or has left. The work may go on.
    pub(super) reply: Option<Reply>,
    /// There while it has a slot.
    pub(super) running: Option<Running>,
    /// How the runner was lost that ran it last.
    pub(super) lost: Option<Box<(RunnerId, RunnerLost)>>,
    /// In which the call was made.
    pub(super) around: Around,
}

/// A call that runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running {
    /// Its name on its runner's session.
    pub(super) call: CallId,
    /// When it was granted its slot.
    pub(super) since: Instant,
}

impl CallRecord {
    pub(super) fn new(
        work: Outbound,
        terms: &Terms,
        (submitted_at, deadline): (Instant, Option<Instant>),
        reply: Reply,
        around: Around,
    ) -> Self {
        Self {
            work,
            kind: terms.kind,
            link: terms.link,
            announce: terms.announce,
            is_accepted: false,
            submitted_at,
            deadline,
            grants: 0,
            reply: Some(reply),
            running: None,
            lost: None,
            around,
        }
    }

    /// Tells whoever places it that it lives.
    pub(super) fn accept(&mut self) {
        self.is_accepted = true;
        let accepted = self.reply.as_mut().and_then(|reply| reply.accepted.take());
        if let Some(accepted) = accepted {
            // Who has left needs not know.
            let _ = accepted.send(());
        }
    }

    /// Gives the caller its one answer. Whoever has lost a runner before cannot be told that nothing was started.
    pub(super) fn answer(&mut self, answer: Answer) {
        let answer = match (answer, self.lost.take()) {
            (Err(error), Some(lost)) if error.outcome() == Outcome::NotStarted => {
                Err(CallError::RunnerLost(lost.1))
            }
            (answer, _) => answer,
        };
        if let Some(reply) = self.reply.take() {
            let answer = answer.map(Box::new).map_err(Box::new);
            reply.send(self.work.name(), answer);
        }
    }
}

/// Where a caller's one answer goes.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) sender: oneshot::Sender<Sent>,
    /// Who hears that placed work lives.
    pub(super) accepted: Option<oneshot::Sender<()>>,
    /// Who hears of a failure when the caller is gone.
    pub(super) unheard: Option<Arc<Unheard>>,
}

impl Reply {
    fn send(self, task: &'static str, answer: Sent) {
        if let Err(Err(error)) = self.sender.send(answer)
            && let Some(unheard) = self.unheard
        {
            unheard.tell(task, *error);
        }
    }
}

/// What the driver keeps about a runner, from its boot until its instance is gone.
#[derive(Debug)]
pub(super) struct RunnerRecord {
    pub(super) instance: InstanceName,
    pub(super) provider_id: Option<String>,
    pub(super) booted_at: Instant,
    /// The task that creates the instance and then waits for its end.
    pub(super) boot: Option<JoinHandle<()>>,
    pub(super) exit: watch::Receiver<Option<ExitReport>>,
    pub(super) session: Option<Arc<Session>>,
    /// Why its boot failed, if it did.
    pub(super) failure: Option<BootCause>,
    /// Why it was lost, if it was.
    pub(super) loss: Option<LossReason>,
    /// It was told that it takes no further calls.
    pub(super) draining: bool,
    /// How many callers were told that it was lost with their work.
    pub(super) lost_calls: usize,
    /// It said goodbye, so it ends by itself.
    pub(super) finished: bool,
    /// The backend was asked to end it.
    pub(super) destroying: bool,
    /// What runs there. Later grants have higher ids, so the first is the oldest.
    pub(super) calls: BTreeMap<CallId, CallerId>,
    pub(super) last_call: u64,
    /// How many of its events are told.
    pub(super) events: Quota,
}

impl RunnerRecord {
    /// Registers a call and returns its name on this session.
    pub(super) fn register(&mut self, caller: CallerId) -> CallId {
        self.last_call += 1;
        let call = CallId(self.last_call);
        self.calls.insert(call, caller);
        call
    }

    /// See [`label`].
    pub(super) fn label(&self) -> String {
        label(&self.instance, self.provider_id.as_deref())
    }
}

/// The runner as logs and errors name it: the instance, and the provider's id where it is known.
pub(super) fn label(instance: &InstanceName, provider_id: Option<&str>) -> String {
    match provider_id {
        Some(id) => format!("{instance} ({id})"),
        None => instance.to_string(),
    }
}
