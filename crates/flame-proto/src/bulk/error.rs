use super::FrameKind;

/// A violation of the contract on the bulk connection. It ends the session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BulkError {
    /// The kind of the frame is not known.
    #[error("bulk frame of the unknown kind {kind}")]
    UnknownKind {
        /// The kind's number.
        kind: u8,
    },
    /// The runner did not begin with `Open`.
    #[error("the bulk connection begins with {kind:?} and not with Open")]
    NotOpen {
        /// What it began with.
        kind: FrameKind,
    },
    /// `Open` came a second time, or from a parent.
    #[error("bulk frame Open where none may stand")]
    OpenAgain,
    /// `Open` names a segment.
    #[error("bulk frame Open has the id {id} and not 0")]
    OpenWithId {
        /// The id.
        id: u64,
    },
    /// A body of this length is not allowed in a frame of this kind.
    #[error("bulk frame {kind:?} with a body of {len} bytes")]
    Length {
        /// The frame's kind.
        kind: FrameKind,
        /// The length, in bytes.
        len: u32,
    },
}
