//! The format of values: a MessagePack profile that gives back exactly what was put in.
//!
//! It describes itself, with the names of fields, so that every attribute of serde works (`flatten`,
//! `untagged`, `default`, `skip_serializing_if`), a field may be added or reordered between two builds,
//! and a dump can be read. Beyond plain MessagePack it has six extensions:
//!
//! | type | holds |
//! |---|---|
//! | `S` | how many `Some` stand around a nil: `Some(None)` and `Some(())` are not `None` |
//! | `u` | a sequence of `u8`, one byte each; serde still sees a sequence |
//! | `U` | a `u128` that does not fit in 64 bits |
//! | `I` | an `i128` that does not fit in 64 bits |
//! | `B` | which byte string beside the message stands here, see [`blobs`] |
//! | `E` | which end of a channel stands here, see [`ends`] |
//!
//! Nothing that is read is trusted: lengths only bound what is read, depth is limited, and bytes left over
//! are an error.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::channel::Ends;

pub(crate) mod blobs;
mod de;
pub(crate) mod ends;
mod error;
mod ser;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop at once")]
mod tests;

pub use error::Error;

/// How deep values may be nested. Decoding recurses, and a runner's stack is finite.
const MAX_DEPTH: u32 = 128;

/// The types of the extensions.
mod extension {
    pub(super) const SOME_NIL: u8 = b'S';
    pub(super) const BYTES: u8 = b'u';
    pub(super) const U128: u8 = b'U';
    pub(super) const I128: u8 = b'I';
    pub(super) const BLOB: u8 = b'B';
    pub(super) const END: u8 = b'E';
}

/// The first bytes of values that are not simply numbers in the marker, as MessagePack has them.
mod marker {
    pub(super) const FIX_MAP: u8 = 0x80;
    pub(super) const FIX_ARRAY: u8 = 0x90;
    pub(super) const FIX_STR: u8 = 0xa0;
    pub(super) const NIL: u8 = 0xc0;
    pub(super) const FALSE: u8 = 0xc2;
    pub(super) const TRUE: u8 = 0xc3;
    pub(super) const BIN_8: u8 = 0xc4;
    pub(super) const BIN_16: u8 = 0xc5;
    pub(super) const BIN_32: u8 = 0xc6;
    pub(super) const EXT_8: u8 = 0xc7;
    pub(super) const EXT_16: u8 = 0xc8;
    pub(super) const EXT_32: u8 = 0xc9;
    pub(super) const F32: u8 = 0xca;
    pub(super) const F64: u8 = 0xcb;
    pub(super) const U8: u8 = 0xcc;
    pub(super) const U16: u8 = 0xcd;
    pub(super) const U32: u8 = 0xce;
    pub(super) const U64: u8 = 0xcf;
    pub(super) const I8: u8 = 0xd0;
    pub(super) const I16: u8 = 0xd1;
    pub(super) const I32: u8 = 0xd2;
    pub(super) const I64: u8 = 0xd3;
    pub(super) const FIX_EXT_1: u8 = 0xd4;
    pub(super) const STR_8: u8 = 0xd9;
    pub(super) const STR_16: u8 = 0xda;
    pub(super) const STR_32: u8 = 0xdb;
    pub(super) const ARRAY_16: u8 = 0xdc;
    pub(super) const ARRAY_32: u8 = 0xdd;
    pub(super) const MAP_16: u8 = 0xde;
    pub(super) const MAP_32: u8 = 0xdf;
}

/// An encoded value.
#[derive(Debug)]
pub(crate) struct Parts<M> {
    /// The message.
    pub(crate) message: M,
    /// The blobs that go beside it.
    pub(crate) blobs: Vec<Bytes>,
    /// The ends of channels that go with it.
    pub(crate) ends: Ends,
}

/// Encodes a value.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Parts<Vec<u8>>, Error> {
    let mut encoder = ser::Encoder::new();
    value.serialize(&mut encoder)?;
    Ok(encoder.into_parts())
}

/// Decodes a value, which must be all of the message.
pub(crate) fn decode<'de, T: Deserialize<'de>>(parts: Parts<&'de [u8]>) -> Result<T, Error> {
    let Parts {
        message,
        blobs,
        ends,
    } = parts;
    let read = || {
        let mut decoder = de::Decoder::new(message);
        let value = T::deserialize(&mut decoder)?;
        decoder.finish()?;
        Ok(value)
    };
    blobs::with_arrived(blobs, || ends::with_arrived(ends, read))
}
