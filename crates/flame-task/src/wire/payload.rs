use bytes::Bytes;

/// One encoded value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// The value itself.
    pub head: Bytes,
    /// The byte strings that it refers to, see [`Blob`](crate::Blob).
    pub blobs: Vec<Bytes>,
}

impl Payload {
    /// The size of all parts, in bytes.
    pub fn size(&self) -> u64 {
        let parts = std::iter::once(&self.head).chain(&self.blobs);
        parts.map(|part| part.len() as u64).sum()
    }
}
