use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::net::Connection;

/// One connection between hosts, of the system's network or of one that is simulated.
#[derive(Debug)]
pub(crate) enum Cable {
    System(TcpStream),
    Simulated(Box<dyn Connection>),
}

impl AsyncRead for Cable {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::System(connection) => Pin::new(connection).poll_read(cx, buffer),
            Self::Simulated(connection) => Pin::new(connection).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Cable {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::System(connection) => Pin::new(connection).poll_write(cx, bytes),
            Self::Simulated(connection) => Pin::new(connection).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::System(connection) => Pin::new(connection).poll_write_vectored(cx, slices),
            Self::Simulated(connection) => Pin::new(connection).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::System(connection) => connection.is_write_vectored(),
            Self::Simulated(connection) => connection.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::System(connection) => Pin::new(connection).poll_flush(cx),
            Self::Simulated(connection) => Pin::new(connection).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::System(connection) => Pin::new(connection).poll_shutdown(cx),
            Self::Simulated(connection) => Pin::new(connection).poll_shutdown(cx),
        }
    }
}
