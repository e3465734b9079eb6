use crate::link::tls::Fingerprint;

/// Who is at the other end of a connection, as far as the connection itself can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Somebody on this host whom the folder of the sockets let in.
    SameHost,
    /// Whoever has the key of the certificate with this hash.
    Key(Fingerprint),
}
