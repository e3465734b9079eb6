//! A runner without a process: what the runtime does with a task, in as few lines as possible.

use std::future::{Ready, ready};

use flame_task::{
    Body, Ctx, CtxParts, DecodeError, EncodeError, Fault, Key, Payload, RunsTasks, Signals,
    StartError, Task, registry,
};
use tokio_util::sync::CancellationToken;

/// How a call ended.
#[derive(Debug, PartialEq)]
pub(crate) enum Failure {
    Encode(EncodeError),
    Unknown,
    Start(StartError),
    Fault(Fault),
    Decode(DecodeError),
}

impl Failure {
    #[track_caller]
    pub(crate) fn panic(self) -> flame_task::PanicReport {
        let Self::Fault(Fault::Panicked(report)) = self else {
            panic!("not a panic: {self:?}");
        };
        report
    }
}

pub(crate) fn ctx(task: &'static str, cancellation: CancellationToken) -> Ctx {
    let parts = CtxParts {
        runner: Some("runner-1".into()),
        pool: Some("thumbnails".into()),
        task,
        call: Some(9),
        attempt: 2,
        idempotency_key: Key::new("caller".into(), 7),
        fencing_token: Key::new("call".into(), 9),
        leavings: None,
        secrets: None,
    };
    let signals = Signals {
        cancellation,
        ..Signals::default()
    };
    Ctx::new(parts, signals)
}

/// Encodes the task, finds it in the table, runs it, and decodes its output.
pub(crate) async fn there<R>(task: Task<R>) -> Result<R, Failure> {
    let (outbound, decode) = task.into_parts().map_err(Failure::Encode)?;
    let entry = registry::find(outbound.task.exact()).ok_or(Failure::Unknown)?;
    let ctx = ctx(entry.name(), CancellationToken::new());
    let body = entry.start(outbound.payload, ctx).map_err(Failure::Start)?;
    let output = run(body).await.map_err(Failure::Fault)?;
    decode(output).map_err(Failure::Decode)
}

pub(crate) async fn run(body: Body) -> Result<Payload, Fault> {
    match body {
        Body::Async(future) => tokio::spawn(future).await.unwrap(),
        Body::Blocking(run) => tokio::task::spawn_blocking(run).await.unwrap(),
    }
}

/// A pool that encodes and does nothing more.
pub(crate) struct Outbox;

impl RunsTasks for Outbox {
    type Call<R: Send + 'static> = Ready<Result<(), EncodeError>>;

    fn call<R: Send + 'static>(&self, task: Task<R>) -> Self::Call<R> {
        ready(task.into_parts().map(drop))
    }
}
