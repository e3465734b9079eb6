use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

/// A network between hosts that is not the system's, for simulations.
pub trait Net: fmt::Debug + Send + Sync + 'static {
    /// Listens on this host.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on.
    fn listen(&self, at: SocketAddr) -> io::Result<Box<dyn Listener>>;

    /// Connects the host that polls this with `host:port`.
    fn connect(&self, authority: &str) -> BoxFuture<'static, io::Result<Box<dyn Connection>>>;
}

/// What takes connections on one host of a [`Net`].
pub trait Listener: Send {
    /// The port it listens on.
    fn port(&self) -> u16;

    /// The next connection, and where it comes from.
    fn poll_accept(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<(Box<dyn Connection>, SocketAddr)>>;
}

/// One connection between two hosts of a [`Net`].
pub trait Connection: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}

impl<C: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin> Connection for C {}
