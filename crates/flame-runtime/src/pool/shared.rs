use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use flame_core::backend::{Backend, ExitReport};
use flame_core::pool::{PoolEvent, PoolState, Retry, TimerReason};
use flame_core::{CallerId, InstanceName, PoolName, RunnerId};
use flame_proto::frame::ParentFrame;
use rustc_hash::FxHashMap;
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::events::Outlet;
use super::locked::{Afterwards, Locked};
use super::metrics;
use super::output::Dropped;
use super::records::{CallRecord, RunnerRecord};
use super::residents::Group;
use super::settings::PoolSettings;
use super::tend::tend;
use super::timer;
use super::unheard::{CastErrorHandler, Unheard};
use crate::error::{BootCause, BootFailure, LossReason, StartError};
use crate::parent::{Boots, Entrance, Session, SessionEnd};
use crate::threads::Threads;

/// How long a backend may look for how a runner ended, before the calls that it had are answered without that.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// A pool, shared by its handles, sessions, boots and its timer.
pub(crate) struct Shared {
    pub(super) name: PoolName,
    /// Tells this life of this pool from every other: a part of each instance's name.
    pub(super) incarnation: u64,
    /// How many runners deep this process is: 0 in the app itself.
    pub(super) depth: u32,
    pub(super) threads: Threads,
    pub(super) backend: Arc<dyn Backend>,
    pub(super) entrance: Entrance,
    pub(super) inner: Mutex<Inner>,
    /// Where the failures of casts go that nobody waits for.
    pub(super) unheard: Arc<Unheard>,
    pub(super) output_dropped: Dropped,
    /// Rung when the timer has to look at the state again.
    pub(super) timer: Arc<Notify>,
    pub(super) progress: watch::Sender<Progress>,
}

pub(super) struct Inner {
    pub(super) state: PoolState,
    pub(super) settings: Arc<PoolSettings>,
    pub(super) calls: FxHashMap<CallerId, Box<CallRecord>>,
    pub(super) runners: FxHashMap<RunnerId, RunnerRecord>,
    /// What calls have left on runners, by those calls.
    pub(super) residents: FxHashMap<CallerId, Weak<Group>>,
    pub(super) last_caller: u64,
    /// The session that the last `RunnerAttached` opened, for whoever brought the news.
    pub(super) opened: Option<Arc<Session>>,
    /// What came up while actions were carried out; told to the state afterwards.
    pub(super) follow_ups: VecDeque<PoolEvent>,
    /// The last failed boot since a runner attached.
    pub(super) last_failure: Option<(Instant, BootFailure)>,
    pub(super) outlet: Outlet,
    /// How many runners are ready, as was last told.
    ready: usize,
    /// When the timer looks at the state next.
    wake_at: Option<Instant>,
    /// When what is being handled has happened.
    pub(super) now: Instant,
    /// What is done when the lock is free.
    pub(super) afterwards: Afterwards,
}

/// How a pool is getting on, for those who wait for it to start or to end.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    pub(super) ready: usize,
    pub(super) failure: Option<BootFailure>,
    pub(super) stopped: bool,
}

impl Inner {
    /// When the timer has to look at the state next, and why. That is when it wakes up, unless it is rung.
    pub(super) fn plan(&mut self) -> Option<(Instant, TimerReason)> {
        let next = self.state.poll_timeout();
        self.wake_at = next.map(|(at, _)| at);
        next
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("name", &self.name)
            .field("backend", &self.backend)
            .finish_non_exhaustive()
    }
}

impl Shared {
    /// Starts a pool: from now on it keeps `min` runners and takes calls.
    pub(super) fn start(
        name: PoolName,
        settings: PoolSettings,
        backend: Arc<dyn Backend>,
        threads: Threads,
        depth: u32,
        on_cast_error: Option<CastErrorHandler>,
        mut outlet: Outlet,
    ) -> Result<Arc<Self>, StartError> {
        let entrance = Entrance::open(&*backend, &threads)?;
        outlet
            .start_hooks(&name, &threads)
            .map_err(|error| StartError::Hooks(Arc::new(error)))?;
        let incarnation = random_u64();
        let state = PoolState::new(settings.limits, settings.timeouts, incarnation);
        let unheard = Arc::new(Unheard::new(name.clone(), on_cast_error, &threads));
        let shared = Arc::new(Self {
            name,
            incarnation,
            depth,
            backend,
            entrance,
            inner: Mutex::new(Inner {
                state,
                settings: Arc::new(settings),
                calls: FxHashMap::default(),
                runners: FxHashMap::default(),
                residents: FxHashMap::default(),
                last_caller: 0,
                opened: None,
                follow_ups: VecDeque::new(),
                last_failure: None,
                outlet,
                ready: 0,
                wake_at: None,
                now: threads.now(),
                afterwards: Afterwards::default(),
            }),
            threads,
            unheard,
            output_dropped: Dropped::default(),
            timer: Arc::default(),
            progress: watch::Sender::default(),
        });
        shared
            .threads
            .spawn_control(timer::keep(Arc::downgrade(&shared), shared.timer.clone()));
        metrics::start(&shared);
        shared.threads.spawn_backend(tend(
            shared.name.clone(),
            shared.backend.clone(),
            shared.progress.subscribe(),
        ));
        // The first look at the clock boots the `min` runners.
        shared.tick();
        Ok(shared)
    }

    pub(super) fn lock(&self) -> Locked<'_> {
        // The state is total and the driver does not panic under the lock; were it to, stopping every caller
        // of the pool would be the greater harm.
        Locked::new(self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where it does what it does by itself.
    pub(crate) fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Who may call back.
    pub(crate) fn boots(&self) -> &Arc<Boots> {
        self.entrance.boots()
    }

    /// Tells the state what happened and carries out what it decides.
    pub(super) fn handle(self: &Arc<Self>, event: PoolEvent) {
        let mut inner = self.lock();
        self.handle_locked(&mut inner, event);
    }

    pub(super) fn handle_locked(self: &Arc<Self>, inner: &mut Inner, event: PoolEvent) {
        self.handle_locked_at(inner, event, self.threads.now());
    }

    /// As [`handle_locked`](Self::handle_locked), for those who have just looked at the clock.
    pub(super) fn handle_locked_at(
        self: &Arc<Self>,
        inner: &mut Inner,
        event: PoolEvent,
        now: Instant,
    ) {
        inner.now = now;
        inner.follow_ups.push_back(event);
        while let Some(event) = inner.follow_ups.pop_front() {
            tracing::trace!(pool = %self.name, ?event);
            inner.state.handle_event(event, now);
            self.drain(inner);
        }
        self.replan(inner);
    }

    /// Tells the state that time has passed.
    pub(super) fn tick(self: &Arc<Self>) {
        let mut inner = self.lock();
        inner.now = self.threads.now();
        let now = inner.now;
        inner.state.handle_timeout(now);
        self.drain(&mut inner);
        if let Some(event) = inner.follow_ups.pop_front() {
            self.handle_locked(&mut inner, event);
        }
        self.replan(&mut inner);
    }

    fn drain(self: &Arc<Self>, inner: &mut Inner) {
        inner.tell_poisoned();
        while let Some(action) = inner.state.poll_action() {
            tracing::trace!(pool = %self.name, ?action);
            self.carry_out(inner, action);
        }
        inner.tell_health();
        inner.outlet.meter.changed();
        self.report_progress(inner);
    }

    fn report_progress(&self, inner: &mut Inner) {
        let ready = inner.state.ready();
        if std::mem::replace(&mut inner.ready, ready) != ready {
            self.progress.send_modify(|progress| progress.ready = ready);
        }
    }

    /// Wakes the timer if it would sleep too long. It may wake up too early: a deadline that has been set, and that
    /// no longer is, costs nothing until it comes.
    fn replan(&self, inner: &mut Inner) {
        let next = inner.state.poll_timeout().map(|(at, _)| at);
        if next.is_some_and(|next| inner.wake_at.is_none_or(|wake_at| next < wake_at)) {
            inner.wake_at = next;
            self.timer.notify_one();
        }
    }

    /// A copy has proved who it is. `None` when the pool does not want it any more.
    pub(crate) fn admit(self: &Arc<Self>, runner: RunnerId) -> Option<Arc<Session>> {
        let mut inner = self.lock();
        inner.opened = None;
        self.handle_locked(&mut inner, PoolEvent::RunnerAttached { runner });
        inner.opened.take()
    }

    /// A boot ended without a runner.
    pub(crate) fn boot_failed(self: &Arc<Self>, runner: RunnerId, cause: BootCause) {
        let mut inner = self.lock();
        let Some(record) = inner.runners.get_mut(&runner) else {
            return;
        };
        // What is being destroyed ends for that reason, and fails nobody's boot.
        if record.session.is_some() || record.failure.is_some() || record.destroying {
            return;
        }
        record.failure = Some(cause.clone());
        let failure = BootFailure::new(record.instance.to_string(), cause);
        tracing::warn!(pool = %self.name, %runner, %failure, "boot failed");
        let retry = if failure.is_transient() {
            Retry::Later
        } else {
            Retry::Never
        };
        self.note_failure(&mut inner, failure);
        self.handle_locked(&mut inner, PoolEvent::BootFailed { runner, retry });
    }

    pub(super) fn note_failure(&self, inner: &mut Inner, failure: BootFailure) {
        self.progress
            .send_modify(|progress| progress.failure = Some(failure.clone()));
        inner.last_failure = Some((self.threads.now(), failure));
    }

    /// A session ended. New calls go elsewhere at once; those that were running here are told when it is known
    /// how the runner ended, or that nobody knows.
    pub(crate) async fn session_ended(self: &Arc<Self>, session: &Session, end: SessionEnd) {
        let runner = session.runner();
        let known = {
            let mut inner = self.lock();
            let unsent = session.close();
            self.handle_locked(&mut inner, PoolEvent::RunnerDraining { runner });
            self.return_unsent(&mut inner, session, unsent);
            let record = inner.runners.get(&runner);
            record.map(|record| {
                // One that has said goodbye has no calls, so nobody waits to hear how it ended.
                let unexpected = (!record.finished).then(|| record.instance.clone());
                (unexpected, record.exit.clone(), inner.settings.clone())
            })
        };
        // Not under the lock: this wakes whoever waits at a channel.
        session.channels().lose();
        let Some((unexpected, exit, settings)) = known else {
            return;
        };
        let loss = match end {
            SessionEnd::Protocol(message) => LossReason::Protocol(message),
            SessionEnd::Silent => {
                let after = settings.peer_loss_after;
                reported(&exit).unwrap_or(LossReason::Silent { after })
            }
            SessionEnd::Closed => {
                let patience = settings.timeouts.kill_timeout / 4;
                self.post_mortem(unexpected, exit, patience).await
            }
        };
        let mut inner = self.lock();
        let Some(record) = inner.runners.get_mut(&runner) else {
            return;
        };
        if !record.finished {
            tracing::warn!(pool = %self.name, %runner, reason = ?loss, "runner lost");
        }
        let event = match loss {
            LossReason::Silent { .. } => PoolEvent::RunnerSilent { runner },
            LossReason::Exited(_)
            | LossReason::SessionClosed
            | LossReason::Protocol(_)
            | LossReason::Poisoned => PoolEvent::RunnerLost { runner },
        };
        record.loss.get_or_insert(loss);
        self.handle_locked(&mut inner, event);
    }

    /// How the runner ended, if its backend says so soon after it has been told to look.
    async fn post_mortem(
        self: &Arc<Self>,
        unexpected: Option<InstanceName>,
        mut exit: watch::Receiver<Option<ExitReport>>,
        patience: Duration,
    ) -> LossReason {
        let backend = Arc::clone(&self.backend);
        let look = async move {
            if let Some(instance) = unexpected {
                backend.session_lost(&instance).await;
            }
        };
        let mut look = self.threads.spawn_backend(look);
        tokio::select! {
            biased;
            _ = exit.wait_for(Option::is_some) => {}
            () = async {
                // One that panics has nothing to tell.
                let _ = timeout(LOOK_TIMEOUT, &mut look).await;
                sleep(patience).await;
            } => {}
        }
        look.abort();
        reported(&exit).unwrap_or(LossReason::SessionClosed)
    }

    /// Calls whose frames were never handed to the transport have not been started.
    fn return_unsent(
        self: &Arc<Self>,
        inner: &mut Inner,
        session: &Session,
        unsent: Vec<ParentFrame>,
    ) {
        for frame in unsent {
            let ParentFrame::Call(call) = frame else {
                continue;
            };
            session.channels().take_back(call.id);
            if let Some(caller) = self.end_call(inner, session.runner(), call.id) {
                self.handle_locked(inner, PoolEvent::CallReturned { caller });
            }
        }
    }
}

fn reported(exit: &watch::Receiver<Option<ExitReport>>) -> Option<LossReason> {
    exit.borrow().clone().map(LossReason::Exited)
}

fn random_u64() -> u64 {
    let random = crate::parent::Token::random().0;
    random
        .first_chunk()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes))
}
