use super::{BulkError, CHUNK};
use crate::convert::MAX_KEY_BYTES;

/// The length of a header on the wire, in bytes.
pub const HEADER_LEN: usize = 13;

/// The header of one frame on the bulk connection; `len` bytes of body follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the frame is.
    pub kind: FrameKind,
    /// Which segment it belongs to, in the sender's count; 0 in `Open`.
    pub id: u64,
    /// The length of the body, in bytes.
    pub len: u32,
}

/// What a frame on the bulk connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// The first frame of a runner. Its body is the session key.
    Open = 1,
    /// The next bytes of a segment.
    Data = 2,
    /// The sender gives a segment up. No body.
    Reset = 3,
}

/// Where in its direction of the connection a frame stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the first frame of a runner, which is `Open`.
    First,
    /// It is any other frame, from either side.
    Later,
}

impl Header {
    /// The header of a runner's first frame.
    pub fn open(key_len: u32) -> Self {
        Self {
            kind: FrameKind::Open,
            id: 0,
            len: key_len,
        }
    }

    /// The header of a part of a segment.
    pub fn data(id: u64, len: u32) -> Self {
        Self {
            kind: FrameKind::Data,
            id,
            len,
        }
    }

    /// The header that gives a segment up.
    pub fn reset(id: u64) -> Self {
        Self {
            kind: FrameKind::Reset,
            id,
            len: 0,
        }
    }

    /// The header as it travels: big-endian, without padding.
    pub fn encode(self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        bytes[0] = self.kind as u8;
        bytes[1..9].copy_from_slice(&self.id.to_be_bytes());
        bytes[9..].copy_from_slice(&self.len.to_be_bytes());
        bytes
    }

    /// Reads a header, and judges it by the place that it was read at.
    ///
    /// # Errors
    ///
    /// The header breaks the contract. Nothing more can be read from the connection.
    pub fn decode(bytes: [u8; HEADER_LEN], place: Place) -> Result<Self, BulkError> {
        let [kind, i0, i1, i2, i3, i4, i5, i6, i7, l0, l1, l2, l3] = bytes;
        let kind = FrameKind::from_byte(kind)?;
        let id = u64::from_be_bytes([i0, i1, i2, i3, i4, i5, i6, i7]);
        let len = u32::from_be_bytes([l0, l1, l2, l3]);
        match (place, kind) {
            (Place::First, FrameKind::Open)
            | (Place::Later, FrameKind::Data | FrameKind::Reset) => {}
            (Place::First, FrameKind::Data | FrameKind::Reset) => {
                return Err(BulkError::NotOpen { kind });
            }
            (Place::Later, FrameKind::Open) => return Err(BulkError::OpenAgain),
        }
        if !kind.lengths().contains(&len) {
            return Err(BulkError::Length { kind, len });
        }
        if kind == FrameKind::Open && id != 0 {
            return Err(BulkError::OpenWithId { id });
        }
        Ok(Self { kind, id, len })
    }
}

impl FrameKind {
    fn from_byte(byte: u8) -> Result<Self, BulkError> {
        match byte {
            1 => Ok(Self::Open),
            2 => Ok(Self::Data),
            3 => Ok(Self::Reset),
            kind => Err(BulkError::UnknownKind { kind }),
        }
    }

    /// The lengths that a body may have.
    fn lengths(self) -> std::ops::RangeInclusive<u32> {
        match self {
            Self::Open => 1..=MAX_KEY_BYTES as u32,
            Self::Data => 1..=CHUNK,
            Self::Reset => 0..=0,
        }
    }
}
