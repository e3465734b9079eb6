//! The frames of the bulk connection, as values; `bulk.md` is the contract. No input or output.

mod error;
mod header;

pub use error::BulkError;
pub use header::{FrameKind, HEADER_LEN, Header, Place};

/// The most bytes that one data frame carries.
pub const CHUNK: u32 = 256 * 1024;
/// Parts of a payload with no more bytes than this together stand in their frame on `Attach`, unless
/// `Welcome` says otherwise.
pub const INLINE_LIMIT: u32 = 64 * 1024;
/// The largest payload, in bytes, that either side accepts, unless `Welcome` says otherwise.
pub const MAX_PAYLOAD: u64 = 1024 * 1024 * 1024;
