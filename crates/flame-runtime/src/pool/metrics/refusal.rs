use flame_proto::frame::Reject;

/// Why somebody who called back was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It said no hello, or none in time.
    NoHello,
    /// Nobody has told anybody of a boot of this name, or it is long ago.
    Unauthenticated,
    /// It named a boot that there is or was, and showed another token.
    WrongToken,
    /// Its token is spent: somebody attached with it before.
    Used,
    /// Its token was right until its boot was given up or ended.
    Expired,
    /// Its boot was given up.
    Unwanted,
    /// It is of another build.
    Build,
    /// It speaks no version of the protocol that is spoken here.
    Version,
    /// Its bulk connection showed the key of no session.
    BulkKey,
    /// It came over the network, and did not manage the handshake of TLS.
    Tls,
    /// It came over the network, and too many others had not said yet who they are.
    Crowded,
    /// Nobody could be let in for a moment: this process had no descriptor left.
    NoDescriptor,
}

impl From<&Reject> for Refusal {
    fn from(reject: &Reject) -> Self {
        match reject {
            Reject::Unauthenticated => Self::Unauthenticated,
            Reject::Version { .. } => Self::Version,
            Reject::Build { .. } => Self::Build,
            Reject::Unwanted => Self::Unwanted,
        }
    }
}

impl Refusal {
    /// How many there are.
    pub(crate) const COUNT: usize = 12;

    /// The value of the label `reason`, and of the field in the log.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::NoHello => "no_hello",
            Self::Unauthenticated => "unauthenticated",
            Self::WrongToken => "wrong_token",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Unwanted => "unwanted",
            Self::Build => "build",
            Self::Version => "version",
            Self::BulkKey => "bulk_key",
            Self::Tls => "tls",
            Self::Crowded => "crowded",
            Self::NoDescriptor => "no_descriptor",
        }
    }
}
