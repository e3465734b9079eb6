use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use crate::codec::Error;
use crate::codec::de::Decoder;
use crate::codec::de::byte::Byte;

/// Hands out the items of an array, or the entries of a map.
pub(super) struct Items<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    left: usize,
}

impl<'a, 'de> Items<'a, 'de> {
    pub(super) fn new(decoder: &'a mut Decoder<'de>, count: usize) -> Self {
        Self {
            decoder,
            left: count,
        }
    }

    /// How many were not asked for.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    fn next<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        seed.deserialize(&mut *self.decoder).map(Some)
    }

    /// Not more than there are bytes: nothing is allocated for a length that is a lie.
    fn believable(&self) -> usize {
        self.left.min(self.decoder.remaining())
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.next(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.believable())
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_key_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.next(seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut *self.decoder)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.believable())
    }
}

/// Hands out the items of a packed sequence of `u8`.
pub(super) struct Bytes<'de> {
    bytes: std::slice::Iter<'de, u8>,
}

impl<'de> Bytes<'de> {
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
        }
    }

    /// How many were not asked for.
    pub(super) fn left(&self) -> usize {
        self.bytes.len()
    }
}

impl<'de> SeqAccess<'de> for Bytes<'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let byte = self.bytes.next();
        byte.map(|byte| seed.deserialize(Byte::new(*byte)))
            .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.bytes.len())
    }
}
