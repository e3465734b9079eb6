use bytes::Bytes;

use crate::channel::Ends;
use crate::channel::ports;

/// One encoded value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// The value itself.
    pub head: Bytes,
    /// The byte strings that it refers to, see [`Blob`](crate::Blob).
    pub blobs: Vec<Bytes>,
    /// The ends of channels that it refers to. They become ports when it leaves.
    pub ends: Ends,
}

impl Payload {
    /// The size of all parts, in bytes.
    pub fn size(&self) -> u64 {
        let parts = std::iter::once(&self.head).chain(&self.blobs);
        let parts: u64 = parts.map(|part| part.len() as u64).sum();
        parts + ports::table_size(self.ends.len())
    }

    /// Whether it has just arrived, and ends of channels with it.
    pub fn brings_ends(&self) -> bool {
        ports::starts_with_table(&self.head)
    }
}
