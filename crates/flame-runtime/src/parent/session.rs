use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flame_core::RunnerId;
use flame_proto::bulk::INLINE_LIMIT;
use flame_proto::frame::{ParentFrame, RunnerFrame, RunnerLimits, Welcome};
use flame_proto::hello::{PROTOCOL_VERSIONS, parent_features};
use flame_task::Origin;
use futures_util::Stream;

use super::boots::{AwaitedBulk, Boots, Token};
use super::peer::Peer;
use crate::link::{Bulk, Channels, Heard, Inbound, Line, LinkError, OpenChannels, Outbox};
use crate::pool::Shared;

/// One attached runner, seen from the parent.
#[derive(Debug)]
pub(crate) struct Session {
    runner: RunnerId,
    /// What its bulk connection has to show.
    key: Bytes,
    outbox: Arc<Outbox<ParentFrame>>,
    bulk: Arc<Bulk>,
    channels: OpenChannels<ParentFrame>,
    inline_limit: usize,
    peer_loss_after: Duration,
}

/// What a session needs to know of its pool.
#[derive(Clone, Debug)]
pub(crate) struct SessionSettings {
    pub(crate) max_payload: u64,
    pub(crate) limits: RunnerLimits,
    pub(crate) peer_loss_after: Duration,
    /// Whether payloads of any size travel in their frame, because nothing is copied on the way.
    pub(crate) in_process: bool,
}

/// How a session ended.
#[derive(Debug)]
pub(crate) enum SessionEnd {
    /// One of its two connections ended, or the pool closed it.
    Closed,
    /// Nothing was heard for the peer-loss bound.
    Silent,
    /// The runner broke the protocol.
    Protocol(String),
}

impl Session {
    /// Starts a session: the first frame is on its way.
    pub(crate) fn open(runner: RunnerId, settings: &SessionSettings) -> Arc<Self> {
        let key = Bytes::copy_from_slice(&Token::random().0);
        let inline_limit = if settings.in_process {
            usize::MAX
        } else {
            INLINE_LIMIT as usize
        };
        let (outbox, bulk) = (Outbox::new(), Bulk::new(settings.max_payload));
        let channels = Channels::new(
            Origin::Parent,
            ParentFrame::Port,
            outbox.clone(),
            bulk.clone(),
            inline_limit,
            settings.max_payload,
        );
        let session = Arc::new(Self {
            runner,
            key: key.clone(),
            outbox,
            bulk,
            channels: OpenChannels(channels),
            inline_limit,
            peer_loss_after: settings.peer_loss_after,
        });
        session.send(ParentFrame::Welcome(Welcome {
            // There is one version so far, and the hello was checked for it.
            version: PROTOCOL_VERSIONS.1,
            session_key: key,
            inline_limit: u32::try_from(inline_limit).unwrap_or(u32::MAX),
            max_payload: settings.max_payload,
            limits: settings.limits,
            heartbeat_every: settings.peer_loss_after / 5,
            peer_loss_after: settings.peer_loss_after,
            features: parent_features(),
        }));
        session
    }

    /// Expects the bulk connection, from where the session came.
    pub(super) fn expect_bulk(&self, boots: &Boots, peer: Peer) {
        let awaited = AwaitedBulk {
            peer,
            bulk: Arc::downgrade(&self.bulk),
            peer_loss_after: self.peer_loss_after,
        };
        boots.expect_bulk(self.key.clone(), awaited);
    }

    pub(super) fn peer_loss_after(&self) -> Duration {
        self.peer_loss_after
    }

    pub(crate) fn runner(&self) -> RunnerId {
        self.runner
    }

    pub(crate) fn outbox(&self) -> &Arc<Outbox<ParentFrame>> {
        &self.outbox
    }

    pub(crate) fn bulk(&self) -> &Bulk {
        &self.bulk
    }

    pub(crate) fn channels(&self) -> &Arc<Channels<ParentFrame>> {
        &self.channels.0
    }

    pub(crate) fn inline_limit(&self) -> usize {
        self.inline_limit
    }

    /// Sends a frame. One that comes after the end of the session is dropped: the pool hears of the end by
    /// itself.
    pub(crate) fn send(&self, frame: ParentFrame) {
        let _ = self.outbox.push(frame);
    }

    /// Ends the session, which lives as long as both its connections, and returns the frames that were never handed to the transport.
    pub(crate) fn close(&self) -> Vec<ParentFrame> {
        self.bulk.close();
        self.outbox.close()
    }
}

/// Listens to the runner until the session ends, then lets the pool know; also when this is dropped before.
pub(super) fn run(
    shared: Arc<Shared>,
    session: Arc<Session>,
    line: Option<Line>,
    batches: impl Stream<Item = Result<Vec<RunnerFrame>, LinkError>> + Send + 'static,
) -> impl Future<Output = ()> + Send {
    let unfinished = Unfinished::new(&shared, &session);
    async move {
        let end = listen(&shared, &session, line, batches).await;
        unfinished.end(end).await;
    }
}

async fn listen(
    shared: &Arc<Shared>,
    session: &Arc<Session>,
    line: Option<Line>,
    batches: impl Stream<Item = Result<Vec<RunnerFrame>, LinkError>> + Send + 'static,
) -> SessionEnd {
    let mut inbound = Inbound::new(batches, line.clone(), session.peer_loss_after);
    loop {
        let heard = tokio::select! {
            heard = inbound.next() => heard,
            () = session.bulk.closed() => break SessionEnd::Closed,
        };
        match heard {
            Heard::Frames(frames) => {
                if let Err(broken) = shared.handle_frames(session, frames) {
                    break SessionEnd::Protocol(broken.to_string());
                }
            }
            Heard::Tick => session.send(ParentFrame::Heartbeat),
            Heard::Silent => {
                // Should it be there after all, its next heartbeat is answered with the end of its connection.
                if let Some(line) = line {
                    line.give_up();
                }
                break SessionEnd::Silent;
            }
            Heard::Ended(Some(LinkError::Protocol(error))) => {
                break SessionEnd::Protocol(error.to_string());
            }
            Heard::Ended(Some(LinkError::Transport(_)) | None) => break SessionEnd::Closed,
        }
    }
}

/// A session whose end the pool has not been told.
///
/// One in this process may run on a runtime of the app's or of a backend, and goes with it at any moment.
struct Unfinished(Option<(Arc<Shared>, Arc<Session>)>);

impl Unfinished {
    fn new(shared: &Arc<Shared>, session: &Arc<Session>) -> Self {
        Self(Some((shared.clone(), session.clone())))
    }

    async fn end(mut self, end: SessionEnd) {
        if let Some((shared, session)) = self.0.take() {
            tell(shared, session, end).await;
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some((shared, session)) = self.0.take() {
            let threads = shared.threads().clone();
            threads.spawn_control(tell(shared, session, SessionEnd::Closed));
        }
    }
}

async fn tell(shared: Arc<Shared>, session: Arc<Session>, end: SessionEnd) {
    shared.boots().forget_bulk(&session.key);
    shared.session_ended(&session, end).await;
}
