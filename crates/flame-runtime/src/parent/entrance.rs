use std::sync::Arc;

use flame_core::backend::{Backend, Reach};
use flame_proto::parent_text::Address;

use super::boots::Boots;
use super::network::Network;
use super::sockets::Sockets;
use crate::error::StartError;
use crate::link::tls::Fingerprint;
use crate::threads::Threads;

/// Where the runners of one pool call back.
#[derive(Clone, Debug)]
pub(crate) enum Entrance {
    /// They are in this process, and need no address.
    Inside(Arc<Boots>),
    /// They are on this host.
    Host(Arc<Sockets>),
    /// They are elsewhere, and dial this.
    Network(Arc<Network>, String),
}

impl Entrance {
    /// Opens what the runners of this backend need, if another pool has not done so.
    pub(crate) fn open(backend: &dyn Backend, threads: &Threads) -> Result<Self, StartError> {
        let failed = |error| StartError::Listen(Arc::new(error));
        match backend.capabilities().reach {
            Reach::SameProcess => Ok(Self::Inside(Arc::default())),
            Reach::SameHost => Sockets::get(threads).map(Self::Host).map_err(failed),
            Reach::Network => {
                let address = backend.parent_address();
                let address = address.ok_or_else(|| StartError::NoParentAddress {
                    backend: backend.name().to_owned(),
                })?;
                if address.advertise.is_none() && address.listen.ip().is_unspecified() {
                    return Err(StartError::NotAdvertised {
                        listen: address.listen,
                    });
                }
                let network = Network::get(address.listen, threads).map_err(failed)?;
                let dialed = address.dialed(network.port());
                Ok(Self::Network(network, dialed))
            }
        }
    }

    /// Who may call back here.
    pub(crate) fn boots(&self) -> &Arc<Boots> {
        match self {
            Self::Inside(boots) => boots,
            Self::Host(sockets) => sockets.boots(),
            Self::Network(network, _) => network.boots(),
        }
    }

    pub(crate) fn is_inside(&self) -> bool {
        matches!(self, Self::Inside(_))
    }

    /// What a runner dials to attach, and for its bulk connection.
    pub(crate) fn addresses(&self) -> (Address, Address) {
        match self {
            // Nobody dials.
            Self::Inside(_) => (
                Address::Unix(Default::default()),
                Address::Unix(Default::default()),
            ),
            Self::Host(sockets) => (
                Address::Unix(sockets.attach_path()),
                Address::Unix(sockets.bulk_path()),
            ),
            Self::Network(_, dialed) => {
                (Address::Tcp(dialed.clone()), Address::Tcp(dialed.clone()))
            }
        }
    }

    /// What a runner is told of the certificate that it will see.
    pub(crate) fn pin(&self) -> Option<Fingerprint> {
        match self {
            Self::Inside(_) | Self::Host(_) => None,
            Self::Network(network, _) => Some(network.pin()),
        }
    }
}
