use crate::codec::{Error, marker};

/// The longest header: a marker, four bytes of length, and an extension's type.
const LONGEST: usize = 6;

/// The bytes before a value that has a length.
pub(super) struct Header {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Header {
    pub(super) fn array(items: usize) -> Result<Self, Error> {
        Self::short(items, 15, marker::FIX_ARRAY).map_or_else(
            || Self::long(items, None, marker::ARRAY_16, marker::ARRAY_32),
            Ok,
        )
    }

    pub(super) fn map(fields: usize) -> Result<Self, Error> {
        Self::short(fields, 15, marker::FIX_MAP).map_or_else(
            || Self::long(fields, None, marker::MAP_16, marker::MAP_32),
            Ok,
        )
    }

    pub(super) fn str(bytes: usize) -> Result<Self, Error> {
        Self::short(bytes, 31, marker::FIX_STR).map_or_else(
            || Self::long(bytes, Some(marker::STR_8), marker::STR_16, marker::STR_32),
            Ok,
        )
    }

    pub(super) fn bin(bytes: usize) -> Result<Self, Error> {
        Self::long(bytes, Some(marker::BIN_8), marker::BIN_16, marker::BIN_32)
    }

    pub(super) fn ext(bytes: usize, kind: u8) -> Result<Self, Error> {
        let mut header = Self::long(bytes, Some(marker::EXT_8), marker::EXT_16, marker::EXT_32)?;
        header.push(&[kind]);
        Ok(header)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// A length that fits in the marker itself.
    fn short(length: usize, longest: u8, marker: u8) -> Option<Self> {
        let length = u8::try_from(length).ok().filter(|n| *n <= longest)?;
        Some(Self::of(marker | length, &[]))
    }

    /// A length of its own, in as few bytes as there is a marker for.
    fn long(length: usize, in_8: Option<u8>, in_16: u8, in_32: u8) -> Result<Self, Error> {
        if let (Some(marker), Ok(length)) = (in_8, u8::try_from(length)) {
            Ok(Self::of(marker, &[length]))
        } else if let Ok(length) = u16::try_from(length) {
            Ok(Self::of(in_16, &length.to_be_bytes()))
        } else if let Ok(length) = u32::try_from(length) {
            Ok(Self::of(in_32, &length.to_be_bytes()))
        } else {
            Err(Error::new("it is longer than 4 GiB"))
        }
    }

    fn of(marker: u8, length: &[u8]) -> Self {
        let mut header = Self {
            bytes: [0; LONGEST],
            length: 0,
        };
        header.push(&[marker]);
        header.push(length);
        header
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        self.bytes[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }
}
