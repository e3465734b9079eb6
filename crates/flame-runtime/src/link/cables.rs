use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, lookup_host};
use tokio::time::timeout;

use super::cable::Cable;
use super::net::{Listener, Net};

/// What connects this host with others.
#[derive(Clone, Debug)]
pub(crate) enum Cables {
    /// The system's network.
    System,
    /// One that is simulated.
    Simulated(Arc<dyn Net>),
}

/// Where cables end that others have begun.
pub(crate) enum Listening {
    System(TcpListener),
    Simulated(Box<dyn Listener>),
}

impl Cables {
    /// Listens on this host. Called in a tokio runtime.
    pub(crate) fn listen(&self, at: SocketAddr) -> io::Result<Listening> {
        match self {
            Self::System => {
                let listener = std::net::TcpListener::bind(at)?;
                listener.set_nonblocking(true)?;
                TcpListener::from_std(listener).map(Listening::System)
            }
            Self::Simulated(net) => net.listen(at).map(Listening::Simulated),
        }
    }

    /// Connects to the first of the name's addresses that answers, each of which may take so long.
    pub(crate) async fn reach(&self, authority: &str, patience: Duration) -> io::Result<Cable> {
        match self {
            Self::System => reach(authority, patience).await.map(Cable::System),
            Self::Simulated(net) => timeout(patience, net.connect(authority))
                .await?
                .map(Cable::Simulated),
        }
    }
}

impl Listening {
    pub(crate) fn port(&self) -> io::Result<u16> {
        match self {
            Self::System(listener) => Ok(listener.local_addr()?.port()),
            Self::Simulated(listener) => Ok(listener.port()),
        }
    }

    pub(crate) fn poll_accept(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<(Cable, SocketAddr)>> {
        match self {
            Self::System(listener) => listener
                .poll_accept(cx)
                .map_ok(|(connection, from)| (Cable::System(connection), from)),
            Self::Simulated(listener) => listener
                .poll_accept(cx)
                .map_ok(|(connection, from)| (Cable::Simulated(connection), from)),
        }
    }
}

async fn reach(authority: &str, patience: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::HostUnreachable);
    for address in lookup_host(authority).await? {
        match timeout(patience, TcpStream::connect(address)).await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}
