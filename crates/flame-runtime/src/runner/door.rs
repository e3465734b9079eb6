use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use flame_proto::parent_text::{Address, ParentInfo, ParentTextError};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::UnixStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::serve_error::ServeError;
use crate::link::tls::{self, Fingerprint, Identity};
use crate::link::{Cables, Line, Socket, Tcp};

/// How long one address may take to answer, and the handshake after it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// Handshakes want a name. The parent's is its pin.
const NAME: &str = "parent";

/// One of the two doors of the parent.
#[derive(Clone, Debug)]
pub(super) enum Door {
    /// A path on this host.
    Unix(PathBuf),
    /// `host:port`, how to be sure of who answers there, by what it is reached, and what is agreed upon with it.
    Tls(String, Arc<ClientConfig>, Cables, Line),
}

impl Door {
    /// The door to attach at, and the one for large payloads. Both will see one key, which is made here.
    ///
    /// # Errors
    ///
    /// There is a door that leads to the network, and no key, or nothing by which to know the parent.
    pub(super) fn both(parent: &ParentInfo, cables: &Cables) -> Result<(Self, Self), ServeError> {
        let keys = match parent.parent_pin {
            Some(pin) => {
                let own = Identity::new().map_err(|error| ServeError::NoKey(error.to_string()))?;
                Some((own, Fingerprint(pin)))
            }
            None => None,
        };
        let attach = Self::new(&parent.attach, keys.as_ref(), tls::ATTACH_PROTOCOL, cables)?;
        let bulk = Self::new(&parent.bulk, keys.as_ref(), tls::BULK_PROTOCOL, cables)?;
        Ok((attach, bulk))
    }

    fn new(
        address: &Address,
        keys: Option<&(Identity, Fingerprint)>,
        protocol: &[u8],
        cables: &Cables,
    ) -> Result<Self, ServeError> {
        match (address, keys) {
            (Address::Unix(path), _) => Ok(Self::Unix(path.clone())),
            (Address::Tcp(authority), Some((own, parent))) => {
                let config = tls::client(own, *parent, protocol)
                    .map_err(|error| ServeError::NoKey(error.to_string()))?;
                Ok(Self::Tls(
                    authority.clone(),
                    config,
                    cables.clone(),
                    Line::unlimited(),
                ))
            }
            (Address::Tcp(_), None) => {
                let field = "parent_pin";
                Err(ParentTextError::Field { field }.into())
            }
        }
    }

    /// Whether it leads to another process of this host, which gives whoever has passed it all the time.
    pub(super) fn is_on_this_host(&self) -> bool {
        matches!(self, Self::Unix(_))
    }

    /// What comes through it, if it leads to another host.
    pub(super) fn line(&self) -> Option<&Line> {
        match self {
            Self::Unix(_) => None,
            Self::Tls(.., line) => Some(line),
        }
    }

    /// Whoever is behind it is lost when it is silent for so long.
    pub(super) fn expect_within(&self, peer_loss_after: Duration) {
        if let Some(line) = self.line() {
            line.expect_within(peer_loss_after);
        }
    }

    /// Goes through it once.
    pub(super) async fn open(&self) -> io::Result<Socket> {
        match self {
            Self::Unix(path) => UnixStream::connect(path).await.map(Socket::Unix),
            Self::Tls(authority, config, cables, line) => {
                let connection = cables.reach(authority, ANSWER_TIMEOUT).await?;
                let connection = Tcp::new(connection, line.clone())?;
                let name = ServerName::try_from(NAME).map_err(io::Error::other)?;
                let handshake = TlsConnector::from(config.clone()).connect(name, connection);
                let connection = timeout(ANSWER_TIMEOUT, handshake).await??;
                Ok(Socket::Tls(Box::new(connection.into())))
            }
        }
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "{}", path.display()),
            Self::Tls(authority, ..) => f.write_str(authority),
        }
    }
}
