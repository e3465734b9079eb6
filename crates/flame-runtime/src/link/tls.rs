//! TLS between hosts: version 1.3 alone, keys that live as long as a process, and nobody's word but the pins'.
//!
//! The parent shows a certificate of its own making, of which the runner knows the hash. The runner shows one,
//! too; it proves nothing but that two connections come from one process, and that nobody else can go on with a
//! session. Neither side looks at names or dates.

mod any_runner;
mod identity;
mod pinned_parent;
mod scheme;

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::server::NoServerSessionStorage;
use rustls::version::TLS13;
use rustls::{ClientConfig, ServerConfig};

pub(crate) use identity::{Fingerprint, Identity};

/// What a connection is for, as its handshake says: one port serves both.
pub(crate) const ATTACH_PROTOCOL: &[u8] = b"h2";
/// See [`ATTACH_PROTOCOL`].
pub(crate) const BULK_PROTOCOL: &[u8] = b"flame-bulk/1";

/// How the parent answers a handshake.
pub(crate) fn server(identity: &Identity) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(scheme::provider())
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(Arc::new(any_runner::AnyRunner))
        .with_single_cert(vec![identity.certificate().clone()], identity.key())?;
    config.alpn_protocols = vec![ATTACH_PROTOCOL.to_vec(), BULK_PROTOCOL.to_vec()];
    // A session is never taken up again, so that every connection proves its key.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(Arc::new(config))
}

/// How a runner begins a handshake with the parent whose certificate has this hash.
pub(crate) fn client(
    identity: &Identity,
    parent: Fingerprint,
    protocol: &[u8],
) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(scheme::provider())
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pinned_parent::PinnedParent::new(parent)))
        .with_client_auth_cert(vec![identity.certificate().clone()], identity.key())?;
    config.alpn_protocols = vec![protocol.to_vec()];
    config.enable_sni = false;
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// Whether the handshake failed because the parent is another one than was pinned.
pub(crate) fn is_stranger(error: &std::io::Error) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref());
    matches!(
        error,
        Some(rustls::Error::InvalidCertificate(
            rustls::CertificateError::ApplicationVerificationFailure
        ))
    )
}

#[cfg(test)]
mod tests;
