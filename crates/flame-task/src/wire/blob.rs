use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec::blobs;

/// A large byte string.
///
/// It travels beside the message and is never copied into it; on arrival it is a slice of the buffer
/// that it was received in. Cloning it copies nothing. A `Vec<u8>` travels in one piece as well, but serde hands
/// over each of its bytes for itself, four times on the way there and back; so from a few KiB on a `Blob` is many
/// times as fast. In any other format than a task's (someone's
/// JSON) it is a plain byte string. An untagged enum that has both a `Blob` and a list of numbers should
/// name the list first, for a blob can be made of one.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Blob(pub Bytes);

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Blob {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Bytes> for Blob {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<Blob> for Bytes {
    fn from(blob: Blob) -> Self {
        blob.0
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let _offer = blobs::offer(&self.0);
        serializer.serialize_newtype_struct(blobs::NAME, &self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(blobs::NAME, BlobVisitor)
    }
}

/// Byte strings and sequences of bytes, and no text: an untagged enum may have both.
struct BlobVisitor;

impl<'de> Visitor<'de> for BlobVisitor {
    type Value = Blob;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a byte string")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Blob, D::Error> {
        inner.deserialize_byte_buf(self)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Blob, E> {
        let arrived = blobs::find(bytes).map_err(E::custom)?;
        Ok(Blob(
            arrived.unwrap_or_else(|| Bytes::copy_from_slice(bytes)),
        ))
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Blob, E> {
        let arrived = blobs::find(&bytes).map_err(E::custom)?;
        Ok(Blob(arrived.unwrap_or_else(|| bytes.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, bytes: A) -> Result<Blob, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(bytes)).map(Blob::from)
    }
}
