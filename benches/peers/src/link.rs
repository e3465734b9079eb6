use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tonic::transport::server::Connected;

/// By what parent and runner are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Way {
    /// The loopback address.
    Tcp,
    /// A unix socket.
    Unix,
}

/// A connection of either way.
pub(crate) enum Link {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Link {
    /// Calls an address that a [`Door`] has told.
    pub(crate) async fn to(address: &str) -> io::Result<Self> {
        if let Some(path) = address.strip_prefix("unix:") {
            return Ok(Self::Unix(UnixStream::connect(path).await?));
        }
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self::Tcp(stream))
    }

    /// Both directions, without the lock that `tokio::io::split` has between them.
    pub(crate) fn into_halves(self) -> (Reader, Writer) {
        match self {
            Self::Tcp(stream) => {
                let (reader, writer) = stream.into_split();
                (Box::new(reader), Box::new(writer))
            }
            Self::Unix(stream) => {
                let (reader, writer) = stream.into_split();
                (Box::new(reader), Box::new(writer))
            }
        }
    }
}

/// What is read from.
pub(crate) type Reader = Box<dyn AsyncRead + Send + Unpin>;
/// What is written to.
pub(crate) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// Where connections come in.
pub(crate) enum Door {
    Tcp(TcpListener),
    Unix(UnixListener, TempDir),
}

impl Door {
    pub(crate) async fn open(way: Way) -> io::Result<Self> {
        Ok(match way {
            Way::Tcp => Self::Tcp(TcpListener::bind("127.0.0.1:0").await?),
            Way::Unix => {
                let folder = tempfile::tempdir()?;
                Self::Unix(UnixListener::bind(folder.path().join("socket"))?, folder)
            }
        })
    }

    pub(crate) fn address(&self) -> io::Result<String> {
        Ok(match self {
            Self::Tcp(listener) => listener.local_addr()?.to_string(),
            Self::Unix(_, folder) => format!("unix:{}", folder.path().join("socket").display()),
        })
    }

    pub(crate) async fn accept(&self) -> io::Result<Link> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // `Server::tcp_nodelay` does nothing for connections that it did not accept.
                stream.set_nodelay(true)?;
                Ok(Link::Tcp(stream))
            }
            Self::Unix(listener, _) => Ok(Link::Unix(listener.accept().await?.0)),
        }
    }

    /// All connections that come in.
    pub(crate) fn incoming(self) -> impl futures_util::Stream<Item = io::Result<Link>> {
        futures_util::stream::unfold(self, |door| async move {
            let link = door.accept().await;
            Some((link, door))
        })
    }
}

impl AsyncRead for Link {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Link {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Self::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl Connected for Link {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}
