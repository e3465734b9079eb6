mod arrival;
mod news;
mod report;
mod start;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use flame_core::CallId;
use flame_proto::frame::{
    Announce, Call, Failure, Feature, PanicReport, Refusal, RunnerFrame, TaskRef, Welcome,
};
use flame_task::{
    Accepted, Body, Ctx, CtxParts, Entry, Fault, Key, Leaving, Leavings, Origin, Payload, Secrets,
    Shelf, Signals, StartError, registry,
};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

pub(super) use news::{Ended, WorkNews};
use report::Report;
pub(super) use start::Start;
use start::start_all;

use super::task_span;
use crate::link::{self, Bulk, Channels, Outbox, Receiving, TooLarge};
use crate::trace;

/// Runs calls on the app's runtime.
#[derive(Debug)]
pub(super) struct Executor {
    pub(super) app: Handle,
    pub(super) bulk: Arc<Bulk>,
    pub(super) channels: Arc<Channels<RunnerFrame>>,
    pub(super) news: UnboundedSender<WorkNews>,
    pub(super) starts: UnboundedSender<Vec<Start>>,
    /// The runner is to end.
    pub(super) draining: CancellationToken,
    /// The runner's name.
    pub(super) runner: Arc<str>,
    pub(super) pool: Arc<str>,
    /// What the keys of all runners of one life of the pool begin with.
    pub(super) life: Arc<str>,
    pub(super) inline_limit: usize,
    pub(super) max_payload: u64,
    /// What tasks may ask for, if the parent gives any.
    pub(super) secrets: Option<Arc<Secrets>>,
    /// What calls leave here, if the parent keeps such things.
    pub(super) shelf: Option<Arc<Shelf>>,
}

impl Executor {
    pub(super) fn new(
        welcome: &Welcome,
        app: Handle,
        (bulk, outbox): (Arc<Bulk>, Arc<Outbox<RunnerFrame>>),
        news: UnboundedSender<WorkNews>,
        (runner, pool): (&str, &str),
        secrets: Option<Arc<Secrets>>,
    ) -> Arc<Self> {
        let inline_limit = welcome.inline_limit as usize;
        let channels = Channels::new(
            Origin::Runner,
            RunnerFrame::Port,
            outbox,
            bulk.clone(),
            inline_limit,
            welcome.max_payload,
        );
        let (starts, started) = mpsc::unbounded_channel();
        app.spawn(start_all(started));
        Arc::new(Self {
            app,
            bulk,
            channels,
            news,
            starts,
            draining: CancellationToken::new(),
            runner: runner.into(),
            pool: pool.into(),
            life: life_of_pool(runner).into(),
            inline_limit,
            max_payload: welcome.max_payload,
            secrets,
            shelf: welcome.features.have(Feature::Residents).then(Arc::default),
        })
    }

    /// What starts the call; cancelling the token tells it to end.
    pub(super) fn start(self: &Arc<Self>, call: Call) -> (Start, CancellationToken) {
        let token = CancellationToken::new();
        let report = Report {
            call: call.id,
            news: self.news.clone(),
            frame: None,
        };
        let start = Start {
            executor: self.clone(),
            call,
            token: token.clone(),
            report,
        };
        (start, token)
    }

    /// Starts these calls.
    pub(super) fn start_all(&self, calls: Vec<Start>) {
        // When the app's runtime is gone, their reports are dropped here, and say so.
        let _ = self.starts.send(calls);
    }

    /// Takes a value from where its call has left it. What its `Drop` does takes none of this runner's own time.
    pub(super) fn release(&self, resident: u64) {
        let value = self
            .shelf
            .as_ref()
            .and_then(|shelf| shelf.release(resident));
        if let Some(value) = value {
            self.app.spawn_blocking(move || drop(value));
        }
    }

    /// How many values calls have left here.
    pub(super) fn residents(&self) -> usize {
        self.shelf.as_ref().map_or(0, |shelf| shelf.len())
    }

    async fn outcome(&self, mut call: Call, token: CancellationToken) -> RunnerFrame {
        let id = call.id;
        let refused = |refusal| RunnerFrame::Refused { call: id, refusal };
        let failed = |failure| RunnerFrame::Failed { call: id, failure };
        let entry = match find(&call.task) {
            Ok(entry) => entry,
            Err(message) => return refused(Refusal::UnknownTask { message }),
        };
        let span = task_span::of(&call, entry.name(), &self.runner);
        trace::adopt(&span, std::mem::take(&mut call.trace));
        let leavings = self.shelf.clone().map(Leavings::new).map(Arc::new);
        let announce = call.announce;
        let ctx = self.ctx(&call, entry, token, leavings.clone());
        let arguments = match link::receive(call.arguments, self.max_payload, &self.bulk) {
            Ok(Receiving::Here(arguments)) if !ctx.is_cancelled() => arguments,
            // In a box: the state of a run is moved as a whole, and few have to wait.
            Ok(coming) => match Box::pin(self.arrive(id, coming, &ctx)).await {
                Ok(arguments) => arguments,
                Err(frame) => return frame,
            },
            Err(TooLarge { size, limit }) => return refused(Refusal::TooLarge { size, limit }),
        };
        let arguments = match self.channels.claim(id, arguments) {
            Ok(arguments) => arguments,
            Err(error) => {
                let message = error.to_string();
                return refused(Refusal::DecodeArgs { message });
            }
        };
        let body = match start(entry, arguments, ctx.clone()) {
            Ok(body) => body,
            Err(refusal) => return refused(refusal),
        };
        if announce == Announce::AtStart {
            ctx.accept();
        }
        let started = Instant::now();
        let result = match body {
            Body::Async(future) => tokio::select! {
                biased;
                result = future.instrument(span) => result,
                () = ctx.cancelled() => return failed(Failure::Cancelled),
            },
            // A thread cannot be stopped, only asked: the end is reported when it comes.
            Body::Blocking(run) => {
                match self.app.spawn_blocking(move || span.in_scope(run)).await {
                    Ok(result) => result,
                    Err(_) => return failed(Failure::Cancelled),
                }
            }
        };
        ctx.end_progress();
        match result {
            Ok(output) => self.done(id, output, leavings.as_deref(), started),
            Err(Fault::Panicked(panic)) => failed(Failure::Panicked(PanicReport {
                message: panic.message,
                location: panic.location,
                backtrace: panic.backtrace,
            })),
            Err(Fault::EncodeResult(message)) => failed(Failure::EncodeResult { message }),
        }
    }

    fn done(
        &self,
        call: CallId,
        output: Payload,
        leavings: Option<&Leavings>,
        started: Instant,
    ) -> RunnerFrame {
        let (size, limit) = (output.size(), self.max_payload);
        if size > limit {
            if let Some(leavings) = leavings {
                leavings.withdraw();
            }
            return RunnerFrame::Failed {
                call,
                failure: Failure::ResultTooLarge { size, limit },
            };
        }
        let (output, leaving) = self.channels.dispatch(call, output);
        let output = link::send(output, self.inline_limit, &self.bulk);
        // The parent knows of the call, and keeps what it hears before the result.
        leaving.into_iter().for_each(Leaving::start);
        RunnerFrame::Done {
            call,
            output,
            ran_for: started.elapsed(),
            residents: leavings.map(Leavings::take).unwrap_or_default(),
        }
    }

    fn ctx(
        &self,
        call: &Call,
        entry: &Entry,
        token: CancellationToken,
        leavings: Option<Arc<Leavings>>,
    ) -> Ctx {
        let parts = CtxParts {
            runner: Some(self.runner.clone()),
            pool: Some(self.pool.clone()),
            task: entry.name(),
            call: Some(call.id.0),
            attempt: call.attempt,
            idempotency_key: Key::new(self.life.clone(), call.caller),
            fencing_token: Key::new(self.runner.clone(), call.id.0),
            leavings,
            secrets: self.secrets.clone(),
        };
        let signals = Signals {
            cancellation: token,
            draining: self.draining.clone(),
            accepted: Mutex::new(self.accepted(call)),
        };
        Ctx::new(parts, signals)
    }

    /// Who wants to know that this call's work lives.
    fn accepted(&self, call: &Call) -> Option<Accepted> {
        let (id, news) = (call.id, self.news.clone());
        let tell = move || {
            let _ = news.send(WorkNews::Accepted(id));
        };
        match call.announce {
            Announce::Never => None,
            Announce::AtStart | Announce::WhenReady => Some(Box::new(tell)),
        }
    }
}

/// What all runners of one life of a pool have in common: callers are counted from 1 in each of its lives,
/// and a key must never come twice. An instance's name ends in the number of its boot.
fn life_of_pool(instance: &str) -> &str {
    instance.rsplit_once('-').map_or(instance, |(life, _)| life)
}

fn find(task: &TaskRef) -> Result<&'static Entry, String> {
    match task {
        TaskRef::Exact(exact) => registry::find(*exact)
            .ok_or_else(|| "it is not in this binary; is it made in a shared library?".to_owned()),
        TaskRef::Named { name, fingerprint } => {
            registry::find_named(name, *fingerprint).map_err(|error| error.to_string())
        }
    }
}

fn start(entry: &Entry, arguments: Payload, ctx: Ctx) -> Result<Body, Refusal> {
    // Decoding runs the user's `Deserialize`, which may panic.
    let started = std::panic::catch_unwind(AssertUnwindSafe(|| entry.start(arguments, ctx)));
    match started {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(StartError::DecodeArgs(message))) => Err(Refusal::DecodeArgs { message }),
        Ok(Err(StartError::NotProvided(type_name))) => Err(Refusal::NotProvided {
            type_name: type_name.to_owned(),
        }),
        Err(_) => Err(Refusal::DecodeArgs {
            message: "decoding them panicked".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use flame_core::terminator::Link;
    use flame_proto::frame;

    use super::*;

    #[test]
    fn a_key_tells_one_life_of_a_pool_from_another() {
        let name = |incarnation, boot| {
            let pool = "p".parse().unwrap();
            flame_core::InstanceName::new(&pool, incarnation, flame_core::RunnerId(boot))
                .to_string()
        };
        assert_eq!(life_of_pool(&name(1, 1)), life_of_pool(&name(1, 22)));
        assert_ne!(life_of_pool(&name(1, 1)), life_of_pool(&name(2, 1)));
    }

    #[tokio::test]
    async fn a_task_that_this_binary_does_not_have_is_refused() {
        let (news, mut heard) = mpsc::unbounded_channel();
        let (starts, started) = mpsc::unbounded_channel();
        tokio::spawn(start_all(started));
        let bulk = Bulk::new(1_000);
        let executor = Arc::new(Executor {
            app: Handle::current(),
            channels: Channels::new(
                Origin::Runner,
                RunnerFrame::Port,
                Outbox::new(),
                bulk.clone(),
                1_000,
                1_000,
            ),
            bulk,
            news,
            starts,
            draining: CancellationToken::new(),
            runner: "runner".into(),
            pool: "pool".into(),
            life: "life".into(),
            inline_limit: 1_000,
            max_payload: 1_000,
            secrets: None,
            shelf: None,
        });
        for task in [
            TaskRef::Exact(7),
            TaskRef::Named {
                name: "app::gone".to_owned(),
                fingerprint: 7,
            },
        ] {
            let (start, _) = executor.start(Call {
                id: CallId(1),
                caller: 1,
                task,
                arguments: frame::Payload::default(),
                budget: None,
                link: Link::Linked,
                attempt: 1,
                trace: Vec::new(),
                announce: Announce::Never,
            });
            executor.start_all(vec![start]);
            let told = heard.recv().await.unwrap();
            let WorkNews::Ended(Ended {
                frame: RunnerFrame::Refused { refusal, .. },
                ..
            }) = told
            else {
                panic!("{told:?}")
            };
            assert!(
                matches!(refusal, Refusal::UnknownTask { .. }),
                "{refusal:?}"
            );
        }
    }
}
