use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use flame_core::pool::PEER_LOSS_AFTER;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::cable::Cable;

/// A connection between hosts, which reads no more than it is allowed to.
#[derive(Debug)]
pub(crate) struct Tcp {
    connection: Cable,
    allowance: Allowance,
}

/// How many bytes may still be read. Its clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Allowance(Arc<AtomicU64>);

/// What is allowed to those who may send for ever.
const UNLIMITED: u64 = u64::MAX;

impl Allowance {
    pub(crate) fn bytes(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    pub(crate) fn unlimited() -> Self {
        Self::bytes(UNLIMITED)
    }

    /// Lets the peer send for ever.
    pub(crate) fn lift(&self) {
        self.0.store(UNLIMITED, Ordering::Relaxed);
    }

    /// Uses it up by what was read.
    fn spend(&self, bytes: u64) -> io::Result<()> {
        let spent = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| match left {
                UNLIMITED => Some(UNLIMITED),
                left => left.checked_sub(bytes),
            });
        spent
            .map(|_| ())
            .map_err(|_| io::Error::other("too many bytes before a hello"))
    }
}

impl Tcp {
    /// Makes a connection fit for small frames, and for a peer that is cut off.
    pub(crate) fn new(connection: Cable, allowance: Allowance) -> io::Result<Self> {
        if let Cable::System(connection) = &connection {
            connection.set_nodelay(true)?;
            // Heartbeats judge whether the peer lives. This is for what was sent to one that does not, and is never
            // acknowledged.
            #[cfg(target_os = "linux")]
            {
                let millis = u32::try_from(PEER_LOSS_AFTER.as_millis()).unwrap_or(u32::MAX);
                rustix::net::sockopt::set_tcp_user_timeout(connection, millis)?;
            }
        }
        Ok(Self {
            connection,
            allowance,
        })
    }
}

impl AsyncRead for Tcp {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let tcp = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut tcp.connection).poll_read(cx, buffer))?;
        let read = buffer.filled().len() - before;
        Poll::Ready(tcp.allowance.spend(read as u64))
    }
}

impl AsyncWrite for Tcp {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().connection).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().connection).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_is_used_up_unless_it_is_lifted() {
        let allowance = Allowance::bytes(10);
        allowance.spend(10).unwrap();
        allowance.spend(1).unwrap_err();
        allowance.lift();
        allowance.spend(1 << 40).unwrap();
        Allowance::unlimited().spend(1 << 40).unwrap();
    }
}
