use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsAcceptor;

use super::accept::accept;
use super::admission::{Admission, Stranger};
use super::boots::Boots;
use super::crowd::{Crowd, Place};
use super::handshake::HELLO_TIMEOUT;
use super::peer::Peer;
use super::{bulk, service};
use crate::link::tls::{self, Fingerprint, Identity};
use crate::link::{Cable, Cables, Line, Listening, Socket, Tcp};
use crate::pool::Refusal;
use crate::threads::Threads;

/// What may be read from a connection until it has said who it is: its handshakes, and its hello.
const BYTES_BEFORE_HELLO: u64 = 16 << 10;

/// The listener for runners on other hosts. One port takes both connections of a runner.
///
/// It exists while a pool needs it; dropping the last owner closes it.
#[derive(Debug)]
pub(crate) struct Network {
    port: u16,
    pin: Fingerprint,
    boots: Arc<Boots>,
    accepting: AbortHandle,
}

/// What this process listens on, by the address that was asked for, and its one key.
#[derive(Debug, Default)]
struct Listeners {
    identity: Option<Arc<Identity>>,
    open: HashMap<SocketAddr, Weak<Network>>,
}

impl Network {
    /// The listener of this process at that address, opened if it is not.
    pub(crate) fn get(listen: SocketAddr, threads: &Threads) -> io::Result<Arc<Self>> {
        if let Cables::Simulated(_) = threads.cables() {
            // Its hosts are many in one process, so nothing is shared.
            return Ok(Arc::new(Self::open(listen, &Identity::new()?, threads)?));
        }
        static LISTENERS: Mutex<Option<Listeners>> = Mutex::new(None);
        let mut listeners = LISTENERS.lock().unwrap_or_else(PoisonError::into_inner);
        let listeners = listeners.get_or_insert_default();
        if let Some(network) = listeners.open.get(&listen).and_then(Weak::upgrade) {
            return Ok(network);
        }
        let identity = match &listeners.identity {
            Some(identity) => identity.clone(),
            None => listeners
                .identity
                .insert(Arc::new(Identity::new()?))
                .clone(),
        };
        let network = Arc::new(Self::open(listen, &identity, threads)?);
        listeners
            .open
            .retain(|_, network| network.strong_count() > 0);
        listeners.open.insert(listen, Arc::downgrade(&network));
        Ok(network)
    }

    fn open(listen: SocketAddr, identity: &Identity, threads: &Threads) -> io::Result<Self> {
        let _runtime = threads.control().enter();
        let listening = threads.cables().listen(listen)?;
        let port = listening.port()?;
        let acceptor = TlsAcceptor::from(tls::server(identity).map_err(io::Error::other)?);
        let boots = Arc::new(Boots::default());
        let hall = Hall {
            acceptor,
            crowd: Crowd::default(),
            boots: boots.clone(),
            threads: threads.clone(),
        };
        let accepting = threads
            .spawn_control(hall.accept_all(listening))
            .abort_handle();
        tracing::info!(%listen, port, "listening for runners on other hosts");
        Ok(Self {
            port,
            pin: identity.fingerprint(),
            boots,
            accepting,
        })
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What a runner is told of the certificate that it will see.
    pub(crate) fn pin(&self) -> Fingerprint {
        self.pin
    }

    /// Who may call back here.
    pub(crate) fn boots(&self) -> &Arc<Boots> {
        &self.boots
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// What every connection needs that comes here.
#[derive(Clone)]
struct Hall {
    acceptor: TlsAcceptor,
    crowd: Crowd,
    boots: Arc<Boots>,
    threads: Threads,
}

impl Hall {
    fn refuse(&self, refusal: Refusal, from: SocketAddr, error: Option<&io::Error>) {
        let error = error.map(|error| error as &dyn std::fmt::Display);
        let turned_away = self.boots.turned_away();
        turned_away.stranger(refusal, Some(from), error, &self.threads);
    }

    /// Nothing is made for a connection before it has a place.
    async fn accept_all(self, mut listening: Listening) {
        loop {
            let (connection, from) = accept(
                |cx| listening.poll_accept(cx),
                || self.boots.turned_away().nobody(&self.threads),
            )
            .await;
            let Some(place) = self.crowd.enter(from.ip(), self.boots.awaited()) else {
                self.refuse(Refusal::Crowded, from, None);
                continue;
            };
            let hall = self.clone();
            tokio::spawn(async move {
                if let Err(error) = hall.serve(connection, from, place).await {
                    hall.refuse(Refusal::Tls, from, Some(&error));
                }
            });
        }
    }

    /// It fails when the connection does not come so far as to be encrypted.
    async fn serve(&self, connection: Cable, from: SocketAddr, place: Place) -> io::Result<()> {
        let until = Instant::now() + HELLO_TIMEOUT;
        let line = Line::bytes(BYTES_BEFORE_HELLO);
        let connection = Tcp::new(connection, line.clone())?;
        let connection = timeout_at(until, self.acceptor.accept(connection)).await??;
        let handshake = connection.get_ref().1;
        let protocol = handshake.alpn_protocol().unwrap_or_default().to_vec();
        let key = handshake
            .peer_certificates()
            .and_then(|shown| shown.first())
            .ok_or_else(|| io::Error::other("a runner without a key"))?;
        let stranger = Stranger {
            from,
            place: Mutex::new(Some(place)),
            until,
            line,
        };
        let admission = Admission::new(Peer::Key(Fingerprint::of(key)), Some(stranger));
        let connection = Socket::Tls(Box::new(connection.into()));
        let (boots, threads) = (self.boots.clone(), self.threads.clone());
        match protocol.as_slice() {
            tls::ATTACH_PROTOCOL => service::serve(connection, admission, boots, threads).await,
            tls::BULK_PROTOCOL => bulk::serve(connection, admission, &boots, &threads).await,
            _ => return Err(io::Error::other("a connection without a purpose")),
        }
        Ok(())
    }
}
