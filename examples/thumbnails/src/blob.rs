use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// Bytes that belong to one picture.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blob(Vec<u8>);

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}
