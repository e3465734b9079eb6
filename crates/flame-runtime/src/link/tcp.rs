use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::cable::Cable;
use super::line::Line;

/// A connection between hosts, which reads no more than it is allowed to.
#[derive(Debug)]
pub(crate) struct Tcp {
    connection: Cable,
    line: Line,
    /// What the kernel was told of the line's patience.
    patience: Duration,
}

impl Tcp {
    /// Makes a connection fit for small frames, and for a peer that is cut off.
    pub(crate) fn new(connection: Cable, line: Line) -> io::Result<Self> {
        if let Cable::System(connection) = &connection {
            connection.set_nodelay(true)?;
            // A heartbeat that was dropped by a full queue is sent again soon, instead of ever later.
            #[cfg(target_os = "linux")]
            rustix::net::sockopt::set_tcp_thin_linear_timeouts(connection, true)?;
        }
        let mut tcp = Self {
            connection,
            line,
            patience: Duration::ZERO,
        };
        tcp.keep_patience()?;
        Ok(tcp)
    }

    /// Heartbeats judge whether the peer lives. This is for a connection without them that has nothing to say, and
    /// whose way some host in between forgets meanwhile.
    ///
    /// Not `TCP_USER_TIMEOUT`: the kernel counts it from the first loss of a recovery, and on a slow link which drops
    /// packets one recovery may be longer than that, though all of it is progress.
    fn keep_patience(&mut self) -> io::Result<()> {
        let patience = self.line.patience();
        if patience != self.patience {
            #[cfg(target_os = "linux")]
            if let Cable::System(connection) = &self.connection {
                ask_the_peer_when_idle(connection, patience)?;
            }
            self.patience = patience;
        }
        Ok(())
    }
}

/// Asks the peer of an idle connection for a sign of life, and gives it up some time after a heartbeat would have.
#[cfg(target_os = "linux")]
fn ask_the_peer_when_idle(
    connection: &tokio::net::TcpStream,
    patience: Duration,
) -> io::Result<()> {
    use rustix::net::sockopt;

    const QUESTIONS: u32 = 5;

    // Whole seconds, and no more than the kernel takes.
    let seconds = |span: Duration| Duration::from_secs(span.as_secs().clamp(1, 32_767));
    sockopt::set_tcp_keepidle(connection, seconds(patience / 2))?;
    sockopt::set_tcp_keepintvl(connection, seconds(patience / QUESTIONS))?;
    sockopt::set_tcp_keepcnt(connection, QUESTIONS)?;
    sockopt::set_socket_keepalive(connection, true)?;
    Ok(())
}

impl AsyncRead for Tcp {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let tcp = self.get_mut();
        tcp.line.is_open()?;
        let before = buffer.filled().len();
        ready!(Pin::new(&mut tcp.connection).poll_read(cx, buffer))?;
        let read = buffer.filled().len() - before;
        Poll::Ready(tcp.line.spend(read as u64))
    }
}

impl AsyncWrite for Tcp {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let tcp = self.get_mut();
        tcp.line.is_open()?;
        tcp.keep_patience()?;
        Pin::new(&mut tcp.connection).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let tcp = self.get_mut();
        tcp.line.is_open()?;
        tcp.keep_patience()?;
        Pin::new(&mut tcp.connection).poll_write_vectored(cx, slices)
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
#[cfg(target_os = "linux")]
mod tests {
    use rustix::net::sockopt;
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    fn questions(tcp: &Tcp) -> (bool, Duration, Duration) {
        let Cable::System(connection) = &tcp.connection else {
            panic!("a connection of the system");
        };
        (
            sockopt::socket_keepalive(connection).unwrap(),
            sockopt::tcp_keepidle(connection).unwrap(),
            sockopt::tcp_keepintvl(connection).unwrap(),
        )
    }

    #[tokio::test]
    async fn an_idle_peer_is_asked_as_often_as_the_bound_of_silence_wants_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connection = TcpStream::connect(address).await.unwrap();
        let line = Line::unlimited();
        let mut tcp = Tcp::new(Cable::System(connection), line.clone()).unwrap();
        let seconds = Duration::from_secs;
        assert_eq!(questions(&tcp), (true, seconds(5), seconds(2)));

        line.expect_within(seconds(60));
        tcp.write_all(b"after the welcome").await.unwrap();
        assert_eq!(questions(&tcp), (true, seconds(30), seconds(12)));

        // Neither nothing nor more than the kernel takes.
        for (bound, idle, interval) in [(0, 1, 1), (1 << 40, 32_767, 32_767)] {
            line.expect_within(seconds(bound) + Duration::from_millis(1));
            tcp.write_all(b"x").await.unwrap();
            assert_eq!(questions(&tcp), (true, seconds(idle), seconds(interval)));
        }
    }
}
