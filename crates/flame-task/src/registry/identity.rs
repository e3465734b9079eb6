//! The numbers by which tasks are known.

use std::any::TypeId;
use std::hash::{Hash, Hasher};

/// FNV-1a: stable between builds and compilers, which the standard library's hasher is not.
struct Fnv(u64);

const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }
}

/// The identity of a task inside one build.
pub(crate) fn exact(type_id: TypeId) -> u64 {
    let mut hasher = Fnv(OFFSET_BASIS);
    type_id.hash(&mut hasher);
    hasher.finish()
}

/// What must agree, beside the name, for a task to be run for a caller of another build.
pub(crate) fn fingerprint(signature: &str) -> u64 {
    let mut hasher = Fnv(OFFSET_BASIS);
    hasher.write(signature.as_bytes());
    hasher.finish()
}
