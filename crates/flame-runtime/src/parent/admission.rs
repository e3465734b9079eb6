use std::future::pending;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::SetOnce;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::crowd::Place;
use super::peer::Peer;
use crate::link::Line;

/// How long a connection may go on after the end of its session, for the last frames.
const LINGER: Duration = Duration::from_secs(5);

/// What one connection may do, and for how long: little until it has said who it is, then as much and as long as its
/// session.
#[derive(Debug)]
pub(crate) struct Admission {
    peer: Peer,
    /// `None` for those whom the host's own permissions let in.
    stranger: Option<Stranger>,
    /// Ends with the session that the connection belongs to.
    session: SetOnce<CancellationToken>,
    /// Somebody came over it who was turned away.
    is_turned_away: AtomicBool,
}

/// The limits of a connection that has not said who it is.
#[derive(Debug)]
pub(super) struct Stranger {
    pub(super) from: SocketAddr,
    pub(super) place: Mutex<Option<Place>>,
    pub(super) until: Instant,
    pub(super) line: Line,
}

/// Why a connection has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overdue {
    /// It has not said in time who it is.
    Stranger,
    /// Its session has ended.
    Session,
}

impl Admission {
    pub(super) fn new(peer: Peer, stranger: Option<Stranger>) -> Self {
        Self {
            peer,
            stranger,
            session: SetOnce::new(),
            is_turned_away: AtomicBool::new(false),
        }
    }

    pub(super) fn peer(&self) -> Peer {
        self.peer
    }

    /// Where it comes from, if it comes from another host.
    pub(super) fn from(&self) -> Option<SocketAddr> {
        self.stranger.as_ref().map(|stranger| stranger.from)
    }

    /// Whoever came over it is turned away, and counted for that. Says where that is.
    pub(super) fn turn_away(&self) -> Option<SocketAddr> {
        self.is_turned_away.store(true, Ordering::Relaxed);
        self.from()
    }

    /// Whether nobody who came over it was let in, and nobody was turned away either.
    pub(super) fn is_of_a_stranger(&self) -> bool {
        self.session.get().is_none() && !self.is_turned_away.load(Ordering::Relaxed)
    }

    /// What comes over the connection, if it comes from another host.
    pub(super) fn line(&self) -> Option<Line> {
        self.stranger.as_ref().map(|stranger| stranger.line.clone())
    }

    /// The connection belongs to a session, and lasts until this is cancelled.
    pub(super) fn admit(&self, session: CancellationToken, peer_loss_after: Duration) {
        if let Some(stranger) = &self.stranger {
            stranger.line.lift();
            stranger.line.expect_within(peer_loss_after);
            stranger
                .place
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
        }
        // A connection belongs to the first session it attaches to. Tokens are good once.
        let _ = self.session.set(session);
    }

    /// Resolves when the connection has to go.
    pub(super) async fn overdue(&self) -> Overdue {
        let deadline = async {
            match &self.stranger {
                Some(stranger) => sleep_until(stranger.until).await,
                None => pending().await,
            }
        };
        let session = tokio::select! {
            biased;
            session = self.session.wait() => session,
            () = deadline => return Overdue::Stranger,
        };
        session.cancelled().await;
        sleep(LINGER).await;
        Overdue::Session
    }
}
