use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use turmoil::net::TcpStream;

use crate::gate::Gate;

/// One end of a simulated connection, with the gate before what it reads.
#[derive(Debug)]
pub(crate) struct Cord {
    connection: TcpStream,
    gate: Gate,
}

impl Cord {
    pub(crate) fn new(connection: TcpStream, gate: Gate) -> Self {
        Self { connection, gate }
    }
}

impl AsyncRead for Cord {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let cord = self.get_mut();
        ready!(cord.gate.poll_open(cx));
        Pin::new(&mut cord.connection).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Cord {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().connection).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_shutdown(cx)
    }
}
