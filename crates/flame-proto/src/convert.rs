//! Wire types to frames and back: the only place that knows both.
//!
//! Encoding always succeeds: texts for people are clipped to the limits below. Decoding trusts nothing;
//! whatever breaks the contract is a [`ProtocolError`] that names the field.

mod event;
mod field;
mod header;
mod parent;
mod payload;
mod port;
mod runner;

pub use parent::{decode_parent, encode_parent};
pub use runner::{decode_runner, encode_runner};

use crate::ProtocolError;

/// The longest name (of a boot, a build, a host, a task) and the longest header, in bytes.
pub const MAX_NAME_BYTES: usize = 4 * 1024;
/// The longest text for people (a message, a backtrace), in bytes.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// The longest token or session key, in bytes.
pub const MAX_KEY_BYTES: usize = 64;
/// The most trace headers of one call.
pub const MAX_TRACE_HEADERS: usize = 32;
/// The most fields of one event of a runner.
pub const MAX_EVENT_FIELDS: usize = 64;
/// The most features that a side may announce.
pub const MAX_FEATURES: usize = 64;

type Decoded<T> = Result<T, ProtocolError>;
