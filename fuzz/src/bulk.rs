//! Headers on the bulk connection.

use flame_proto::bulk::{CHUNK, HEADER_LEN, Header, Place};

/// A header that is taken is the one that was sent, and asks for no more than a chunk.
pub(crate) fn run(bytes: &[u8]) {
    let Some(bytes) = bytes.first_chunk::<HEADER_LEN>() else {
        return;
    };
    for place in [Place::First, Place::Later] {
        if let Ok(header) = Header::decode(*bytes, place) {
            assert_eq!(header.encode(), *bytes);
            assert!(header.len <= CHUNK);
        }
    }
}
