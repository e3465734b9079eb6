use std::error::Error as _;
use std::fmt;

use flame_proto::ProtocolError;
use tonic::{Code, Status};

/// How tonic words what HTTP/2 reports of a connection, where it keeps no cause.
const OF_HTTP2: &str = "h2 protocol error";

/// Why a stream of frames ended.
#[derive(Debug)]
pub(crate) enum LinkError {
    /// The transport broke.
    Transport(Status),
    /// The peer sent what makes no sense.
    Protocol(ProtocolError),
}

impl LinkError {
    /// Why the next `message` did not come.
    ///
    /// tonic tells of bytes that are no message in the same words as of a connection that broke: a status. These it
    /// makes itself, so they have no cause below them.
    pub(crate) fn of(message: &'static str, status: Status) -> Self {
        let may_be_made_here = matches!(
            status.code(),
            Code::Internal | Code::OutOfRange | Code::Unimplemented
        );
        if may_be_made_here && status.source().is_none() && !status.message().starts_with(OF_HTTP2)
        {
            tracing::debug!(message, error = status.message(), "what came is no message");
            return Self::Protocol(ProtocolError::undecodable(message));
        }
        Self::Transport(status)
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(status) => write!(f, "the connection broke: {}", status.message()),
            Self::Protocol(error) => write!(f, "the peer broke the protocol: {error}"),
        }
    }
}
