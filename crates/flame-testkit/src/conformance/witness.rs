//! The address to which instances connect, so that their life and death can be seen.

use std::env;
use std::io;
use std::net::TcpListener as StdListener;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use super::within_patience;

/// Names this host to instances that are elsewhere.
const HOST_VARIABLE: &str = "FLAME_CONFORMANCE_HOST";

/// Sees instances live and die.
pub(super) struct Witness {
    listener: TcpListener,
    /// The same socket, for looking without waiting.
    look: StdListener,
    address: String,
}

/// The connection of one instance.
pub(super) struct Connection(TcpStream);

impl Witness {
    pub(super) fn start() -> Self {
        let (bind, host) = match env::var(HOST_VARIABLE) {
            Ok(host) => ("0.0.0.0:0", host),
            Err(_) => ("127.0.0.1:0", "127.0.0.1".to_owned()),
        };
        let look = StdListener::bind(bind).expect("no port for the witness");
        look.set_nonblocking(true)
            .expect("the witness cannot look without waiting");
        let port = look
            .local_addr()
            .expect("a bound socket has an address")
            .port();
        let listener = look.try_clone().and_then(TcpListener::from_std);
        Self {
            listener: listener.expect("no second handle of the witness"),
            look,
            address: format!("{host}:{port}"),
        }
    }

    /// What instances are told.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Waits for an instance.
    pub(super) async fn next(&self) -> Connection {
        let (stream, _) = within_patience("an instance lives", self.listener.accept())
            .await
            .expect("the witness cannot accept");
        Connection(stream)
    }

    /// The instances that have connected and that nobody has waited for.
    pub(super) fn others(&self) -> Vec<Connection> {
        let mut others = Vec::new();
        while let Ok((stream, _)) = self.look.accept() {
            let stream = stream
                .set_nonblocking(true)
                .and_then(|()| TcpStream::from_std(stream));
            others.push(Connection(stream.expect("a connection without a handle")));
        }
        others
    }
}

impl Connection {
    /// Whether the instance has not closed the connection yet.
    pub(super) fn is_open(&mut self) -> bool {
        match self.0.try_read(&mut [0]) {
            Ok(0) => false,
            Ok(_) => true,
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
        }
    }

    /// Waits until the instance is dead, or at least has closed the connection; returns what it sent.
    pub(super) async fn closed(mut self) -> Vec<u8> {
        let mut sent = Vec::new();
        let end = within_patience("the instance is dead", self.0.read_to_end(&mut sent)).await;
        match end {
            Ok(_) => sent,
            // A killed process may reset its connections.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => sent,
            Err(error) => panic!("the connection of an instance: {error}"),
        }
    }
}
