use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use flame_runtime::{Connection, Listener, Net};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use turmoil::net::{TcpListener, TcpStream};

use crate::cord::Cord;
use crate::gate::{Gates, Way};

/// The simulated network, as the runtime uses it.
#[derive(Clone, Debug)]
pub(crate) struct Wires(pub(crate) Gates);

impl Net for Wires {
    fn listen(&self, at: SocketAddr) -> io::Result<Box<dyn Listener>> {
        let bound = TcpListener::bind((Ipv4Addr::UNSPECIFIED, at.port())).now_or_never();
        let listener = bound.ok_or(io::ErrorKind::WouldBlock)??;
        Ok(Box::new(Door {
            port: listener.local_addr()?.port(),
            next: Box::pin(next(listener)),
            gates: self.0.clone(),
        }))
    }

    fn connect(&self, authority: &str) -> BoxFuture<'static, io::Result<Box<dyn Connection>>> {
        let (authority, gates) = (authority.to_owned(), self.0.clone());
        Box::pin(async move {
            let connection = TcpStream::connect(authority).await?;
            let gate = gates.of(connection.local_addr()?.ip(), Way::ToRunner);
            Ok(Box::new(Cord::new(connection, gate)) as Box<dyn Connection>)
        })
    }
}

type Next = (TcpListener, io::Result<(TcpStream, SocketAddr)>);

/// Where runners knock.
struct Door {
    port: u16,
    next: Pin<Box<dyn Future<Output = Next> + Send>>,
    gates: Gates,
}

impl Listener for Door {
    fn port(&self) -> u16 {
        self.port
    }

    fn poll_accept(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<(Box<dyn Connection>, SocketAddr)>> {
        let (listener, accepted) = ready!(self.next.as_mut().poll(cx));
        self.next = Box::pin(next(listener));
        let (connection, from) = accepted?;
        let gate = self.gates.of(from.ip(), Way::ToParent);
        Poll::Ready(Ok((Box::new(Cord::new(connection, gate)), from)))
    }
}

async fn next(listener: TcpListener) -> Next {
    let accepted = listener.accept().await;
    (listener, accepted)
}
