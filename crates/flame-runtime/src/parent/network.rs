use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::accept::accept;
use super::boots::Boots;
use super::handshake::HELLO_TIMEOUT;
use super::peer::Peer;
use super::{bulk, service};
use crate::link::tls::{self, Fingerprint, Identity};
use crate::link::{Socket, prepare};
use crate::threads::Threads;

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
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let acceptor = TlsAcceptor::from(tls::server(identity).map_err(io::Error::other)?);
        let boots = Arc::new(Boots::default());
        let accepting = threads
            .spawn_control(accept_all(
                TcpListener::from_std(listener)?,
                acceptor,
                boots.clone(),
                threads.clone(),
            ))
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

async fn accept_all(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    boots: Arc<Boots>,
    threads: Threads,
) {
    loop {
        let (connection, from) = accept(|cx| listener.poll_accept(cx)).await;
        let (acceptor, boots, threads) = (acceptor.clone(), boots.clone(), threads.clone());
        tokio::spawn(async move {
            if let Err(error) = serve(connection, acceptor, boots, threads).await {
                tracing::debug!(%from, %error, "a connection came to nothing");
            }
        });
    }
}

async fn serve(
    connection: TcpStream,
    acceptor: TlsAcceptor,
    boots: Arc<Boots>,
    threads: Threads,
) -> io::Result<()> {
    prepare(&connection)?;
    let connection = timeout(HELLO_TIMEOUT, acceptor.accept(connection)).await??;
    let handshake = connection.get_ref().1;
    let protocol = handshake.alpn_protocol().unwrap_or_default().to_vec();
    let key = handshake
        .peer_certificates()
        .and_then(|shown| shown.first())
        .ok_or_else(|| io::Error::other("a runner without a key"))?;
    let peer = Peer::Key(Fingerprint::of(key));
    let connection = Socket::Tls(Box::new(connection.into()));
    match protocol.as_slice() {
        tls::ATTACH_PROTOCOL => service::serve(connection, peer, boots, threads).await,
        tls::BULK_PROTOCOL => bulk::serve(connection, peer, &boots, &threads).await,
        _ => return Err(io::Error::other("a connection without a purpose")),
    }
    Ok(())
}
