mod hello;
mod ports;
mod work;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flame_core::CallId;
use flame_core::pool::{CANCEL_GRACE, PEER_LOSS_AFTER, SHUTDOWN_TIMEOUT};
use flame_core::runner::exit;
use flame_core::terminator::{
    ParentLoss, TerminatorAction, TerminatorEvent, TerminatorSettings, TerminatorState,
};
use flame_proto::frame::{Call, ParentFrame, Refusal, Reject, RunnerFrame, Welcome};
use flame_proto::parent_text::ParentInfo;
use flame_task::Secrets;
use rustc_hash::FxHashMap;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::dial::{self, FromParent};
use super::door::Door;
use super::execute::{Executor, Start, WorkNews};
use super::given::Given;
use super::idle_check::IdleCheck;
use super::life::{Life, News};
use super::serve_error::ServeError;
use crate::link::{Batches, Bulk, Heard, Inbound, Line, LinkError, OpenChannels, Speaker};

/// How long the goodbye may take to reach the parent.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(1);

/// The loop around a runner's terminator: it tells what happened, and carries out what was decided.
#[derive(Debug)]
pub(super) struct Driver {
    parent: ParentInfo,
    app: Handle,
    life: Life,
    state: TerminatorState,
    /// How long running work may go on when the platform ends this runner.
    shutdown_timeout: Duration,
    speaker: Speaker<RunnerFrame>,
    inbound: Option<Inbound<ParentFrame>>,
    /// Where the parent's bytes come, if it is on another host.
    line: Option<Line>,
    bulk_door: Option<Door>,
    /// The bulk connection, which was there, has ended.
    has_no_bulk: bool,
    /// Exists as soon as the parent has welcomed this runner.
    executor: Option<Arc<Executor>>,
    /// Ends the channels together with this, also when nobody waits for the end.
    open_channels: Option<OpenChannels<RunnerFrame>>,
    received: FxHashMap<CallId, Call>,
    running: FxHashMap<CallId, CancellationToken>,
    /// What is started when the batch of frames that it came in has been read.
    starting: Vec<Start>,
    /// How many values calls have left here, as was last told.
    residents: usize,
    work_news: (
        mpsc::UnboundedSender<WorkNews>,
        mpsc::UnboundedReceiver<WorkNews>,
    ),
    /// What the app says about going for want of work, if it wants to be asked.
    idle_check: Option<IdleCheck>,
    idle_answers: (mpsc::UnboundedSender<bool>, mpsc::UnboundedReceiver<bool>),
    /// What tasks may ask for.
    secrets: Option<Arc<Secrets>>,
    refused: Option<ServeError>,
    stop: Option<i32>,
}

impl Driver {
    /// A runner that has been told about its parent. Without a door for bulk, everything travels inline.
    pub(super) fn new(
        parent: ParentInfo,
        app: Handle,
        life: Life,
        bulk_door: Option<Door>,
    ) -> Self {
        // Until the parent has said how it wants things, nothing runs, so only the first of these matters.
        let settings = TerminatorSettings {
            attach_timeout: parent.boot_timeout,
            max_concurrency: 0,
            shutdown_timeout: SHUTDOWN_TIMEOUT,
            cancel_grace: CANCEL_GRACE,
            has_idle_check: false,
        };
        Self {
            parent,
            app,
            life,
            state: TerminatorState::new(settings, now()),
            shutdown_timeout: SHUTDOWN_TIMEOUT,
            speaker: Speaker::new(),
            inbound: None,
            line: None,
            bulk_door,
            has_no_bulk: false,
            executor: None,
            open_channels: None,
            received: FxHashMap::default(),
            running: FxHashMap::default(),
            starting: Vec::new(),
            residents: 0,
            work_news: mpsc::unbounded_channel(),
            idle_check: None,
            idle_answers: mpsc::unbounded_channel(),
            secrets: None,
            refused: None,
            stop: None,
        }
    }

    /// The same runner, whose parent may be on another host.
    pub(super) fn over(self, line: Option<Line>) -> Self {
        Self { line, ..self }
    }

    /// The same runner, which goes for want of work only when the app agrees.
    pub(super) fn with_idle_check(self, idle_check: Option<IdleCheck>) -> Self {
        Self { idle_check, ..self }
    }

    /// The same runner, which has been given this by its parent.
    pub(super) fn with(mut self, given: Option<Given>) -> Self {
        if let Some(given) = given {
            given.apply_to(&mut self.parent);
            self.secrets = Some(given.secrets);
        }
        self
    }

    /// Serves until the terminator says stop. `connect` opens the session with the frames it is given.
    pub(super) async fn run<C, S>(mut self, connect: C) -> Result<(), ServeError>
    where
        C: FnOnce(Batches<RunnerFrame>) -> S,
        S: Future<Output = Result<FromParent, ServeError>>,
    {
        self.send(RunnerFrame::Hello(self.hello()));
        let mut connecting = pin!(connect(Batches(self.speaker.outbox().clone())));
        let mut connected = false;
        // Every branch may be dropped without loss: each takes one thing from a queue, or watches a state.
        loop {
            self.carry_out_actions();
            if let Some(code) = self.stop {
                return self.leave(code).await;
            }
            let wake = self.state.poll_timeout().map(|(at, _)| at);
            tokio::select! {
                session = &mut connecting, if !connected => {
                    connected = true;
                    match session {
                        Ok(frames) => self.inbound = Some(Inbound::new(frames, self.line.clone(), PEER_LOSS_AFTER)),
                        Err(error @ ServeError::Stranger { .. }) => self.refuse(error),
                        Err(_) => self.handle(TerminatorEvent::ParentLost { how: ParentLoss::Closed }),
                    }
                }
                heard = hear(&mut self.inbound) => self.handle_heard(heard),
                () = bulk_ends(self.executor.as_deref()), if !self.has_no_bulk => {
                    self.has_no_bulk = true;
                    self.handle(TerminatorEvent::ParentLost { how: ParentLoss::Closed });
                }
                Some(news) = self.work_news.1.recv() => self.handle_all_work_news(news),
                Some(idle) = self.idle_answers.1.recv() => {
                    self.handle(TerminatorEvent::IdleChecked { idle });
                }
                news = self.life.news() => match news {
                    News::ParentGone => {
                        self.handle(TerminatorEvent::ParentLost { how: ParentLoss::Closed });
                    }
                    News::TerminationRequested => {
                        let timeout = self.shutdown_timeout;
                        self.handle(TerminatorEvent::DrainRequested { timeout });
                    }
                },
                () = passed(wake) => self.state.handle_timeout(now()),
            }
        }
    }

    fn handle(&mut self, event: TerminatorEvent) {
        tracing::trace!(?event);
        if let (TerminatorEvent::ParentLost { .. }, Some(executor)) = (&event, &self.executor) {
            executor.channels.lose();
            // The session is over for both sides: the parent need not wait for the end of the process.
            self.speaker.outbox().finish();
        }
        self.state.handle_event(event, now());
        if self.state.is_leaving()
            && let Some(executor) = &self.executor
        {
            executor.draining.cancel();
        }
    }

    fn handle_heard(&mut self, heard: Heard<ParentFrame>) {
        match heard {
            Heard::Frames(frames) => {
                for frame in frames {
                    self.handle_frame(frame);
                    self.carry_out_actions();
                }
                self.start_all();
            }
            Heard::Tick => self.send(RunnerFrame::Heartbeat),
            Heard::Silent => self.lose_parent(ParentLoss::Silent),
            Heard::Ended(error) => {
                match error {
                    Some(error @ LinkError::Protocol(_)) => {
                        tracing::warn!(%error, "the session ended");
                    }
                    Some(error) => tracing::debug!(%error, "the session ended"),
                    None => {}
                }
                self.lose_parent(ParentLoss::Closed);
            }
        }
    }

    fn handle_frame(&mut self, frame: ParentFrame) {
        match frame {
            ParentFrame::Welcome(welcome) => self.handle_welcome(&welcome),
            ParentFrame::Reject(reject) => self.refuse(ServeError::refused(&reject)),
            ParentFrame::Call(call) => {
                let (id, link) = (call.id, call.link);
                self.received.insert(id, call);
                self.handle(TerminatorEvent::CallReceived { call: id, link });
            }
            ParentFrame::Cancel { call } => self.handle(TerminatorEvent::CancelRequested { call }),
            ParentFrame::ProposeIdle => self.handle(TerminatorEvent::IdleProposed),
            ParentFrame::Drain { timeout } => {
                self.handle(TerminatorEvent::DrainRequested { timeout });
            }
            ParentFrame::Limits(limits) => {
                self.shutdown_timeout = limits.shutdown_timeout;
                self.handle(TerminatorEvent::SettingsChanged {
                    max_concurrency: limits.max_concurrency as usize,
                    shutdown_timeout: limits.shutdown_timeout,
                    cancel_grace: limits.cancel_grace,
                });
            }
            ParentFrame::Port(frame) => self.handle_port(frame),
            ParentFrame::Release { resident } => self.release(resident),
            ParentFrame::Heartbeat => {}
        }
    }

    /// This runner will never be let in.
    fn refuse(&mut self, error: ServeError) {
        self.refused = Some(error);
        self.handle(TerminatorEvent::Refused);
    }

    fn handle_welcome(&mut self, welcome: &Welcome) {
        if let Some(inbound) = &mut self.inbound {
            inbound.expect_within(welcome.peer_loss_after);
        }
        let bulk = Bulk::new(welcome.max_payload);
        if let Some(door) = self.bulk_door.take() {
            door.expect_within(welcome.peer_loss_after);
            #[cfg(feature = "layer")]
            super::layer::open(&welcome.features, self.speaker.outbox());
            tokio::spawn(carry_bulk(bulk.clone(), door, welcome.session_key.clone()));
        }
        let pool = self.parent.pool.to_string();
        let names = (&*self.parent.boot, &*pool);
        let news = self.work_news.0.clone();
        let links = (bulk, self.speaker.outbox().clone());
        let secrets = self.secrets.clone();
        let executor = Executor::new(welcome, self.app.clone(), links, news, names, secrets);
        self.open_channels = Some(OpenChannels(executor.channels.clone()));
        self.executor = Some(executor);
        let limits = welcome.limits;
        let settings = TerminatorSettings {
            attach_timeout: self.parent.boot_timeout,
            max_concurrency: limits.max_concurrency as usize,
            shutdown_timeout: limits.shutdown_timeout,
            cancel_grace: limits.cancel_grace,
            has_idle_check: self.idle_check.is_some(),
        };
        self.state = TerminatorState::new(settings, now());
        self.residents = 0;
        self.shutdown_timeout = limits.shutdown_timeout;
        self.handle(TerminatorEvent::Attached);
    }

    fn carry_out_actions(&mut self) {
        while let Some(action) = self.state.poll_action() {
            tracing::trace!(?action);
            match action {
                TerminatorAction::StartCall { call } => self.start(call),
                TerminatorAction::RefuseCall { call, draining } => {
                    self.received.remove(&call);
                    self.close_channels(call, true);
                    let refusal = if draining {
                        Refusal::Draining
                    } else {
                        Refusal::Busy
                    };
                    self.send(RunnerFrame::Refused { call, refusal });
                }
                TerminatorAction::CancelCall { call } => {
                    if let Some(token) = self.running.get(&call) {
                        token.cancel();
                    }
                }
                TerminatorAction::RunIdleCheck => match &self.idle_check {
                    Some(check) => check.ask(&self.app, self.idle_answers.0.clone()),
                    None => self.handle(TerminatorEvent::IdleChecked { idle: true }),
                },
                TerminatorAction::AnswerIdle { idle } => {
                    self.send(RunnerFrame::IdleAnswer { idle });
                }
                TerminatorAction::AnnounceDraining => self.send(RunnerFrame::Draining),
                TerminatorAction::SayGoodbye => {
                    self.send(RunnerFrame::Goodbye {
                        code: exit::DONE,
                        reason: "drained".to_owned(),
                    });
                }
                TerminatorAction::Stop { code } => self.stop = Some(code),
                TerminatorAction::ExitProcess { code } => {
                    self.life.exit(code);
                    self.stop = Some(code);
                }
            }
        }
    }

    /// A frame for a parent that has gone is dropped.
    fn send(&self, frame: RunnerFrame) {
        let _ = self.speaker.outbox().push(frame);
    }

    /// Lets the last frames reach the parent, and makes sure that the process does not outlive its purpose.
    async fn leave(self, code: i32) -> Result<(), ServeError> {
        drop(self.speaker);
        if let Some(mut inbound) = self.inbound {
            let flushed = async { while !matches!(inbound.next().await, Heard::Ended(_)) {} };
            let _ = timeout(GOODBYE_TIMEOUT, flushed).await;
        }
        self.life.end_the_rest();
        self.life.arm_failsafe(self.state);
        match code {
            exit::DONE => Ok(()),
            exit::ATTACH_TIMEOUT => Err(ServeError::AttachTimeout),
            exit::REFUSED => Err(self
                .refused
                .unwrap_or_else(|| ServeError::refused(&Reject::Unwanted))),
            _ => Err(ServeError::ParentLost),
        }
    }
}

fn now() -> std::time::Instant {
    Instant::now().into_std()
}

/// Resolves at this instant; never if there is none.
async fn passed(at: Option<std::time::Instant>) {
    match at {
        Some(at) => sleep_until(Instant::from_std(at)).await,
        None => std::future::pending().await,
    }
}

async fn hear(inbound: &mut Option<Inbound<ParentFrame>>) -> Heard<ParentFrame> {
    match inbound {
        Some(inbound) => inbound.next().await,
        None => std::future::pending().await,
    }
}

/// Resolves when the bulk connection has ended, and the session with it.
async fn bulk_ends(executor: Option<&Executor>) {
    match executor {
        Some(executor) => executor.bulk.closed().await,
        None => std::future::pending().await,
    }
}

async fn carry_bulk(bulk: Arc<Bulk>, door: Door, key: Bytes) {
    tokio::select! {
        connection = dial::open_bulk(&door, &key) => bulk.run(connection).await,
        // The session has ended without it.
        () = bulk.closed() => {}
    }
}
