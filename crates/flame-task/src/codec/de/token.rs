use crate::codec::de::Decoder;
use crate::codec::{Error, extension, marker};

/// The next thing in the input. A length has not been believed yet.
pub(super) enum Token<'de> {
    Nil,
    /// So many `Some` around a nil, at least one.
    SomeNil(u8),
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    U128(u128),
    I128(i128),
    F32(f32),
    F64(f64),
    Str(&'de str),
    /// A byte string.
    Bin(&'de [u8]),
    /// A sequence of `u8`.
    Bytes(&'de [u8]),
    /// The number of a blob.
    Blob(u32),
    /// The number of an end of a channel.
    End(u32),
    Array(usize),
    Map(usize),
}

impl<'de> Decoder<'de> {
    pub(super) fn token(&mut self) -> Result<Token<'de>, Error> {
        let [first] = self.array()?;
        Ok(match first {
            0..=0x7f => Token::Unsigned(u64::from(first)),
            0xe0..=0xff => Token::Signed(i64::from(first.cast_signed())),
            0x80..=0x8f => Token::Map(usize::from(first & 0x0f)),
            0x90..=0x9f => Token::Array(usize::from(first & 0x0f)),
            0xa0..=0xbf => self.str(usize::from(first & 0x1f))?,
            marker::NIL => Token::Nil,
            marker::FALSE => Token::Bool(false),
            marker::TRUE => Token::Bool(true),
            marker::F32 => Token::F32(f32::from_be_bytes(self.array()?)),
            marker::F64 => Token::F64(f64::from_be_bytes(self.array()?)),
            marker::U8 => Token::Unsigned(u64::from(u8::from_be_bytes(self.array()?))),
            marker::U16 => Token::Unsigned(u64::from(u16::from_be_bytes(self.array()?))),
            marker::U32 => Token::Unsigned(u64::from(u32::from_be_bytes(self.array()?))),
            marker::U64 => Token::Unsigned(u64::from_be_bytes(self.array()?)),
            marker::I8 => Token::Signed(i64::from(i8::from_be_bytes(self.array()?))),
            marker::I16 => Token::Signed(i64::from(i16::from_be_bytes(self.array()?))),
            marker::I32 => Token::Signed(i64::from(i32::from_be_bytes(self.array()?))),
            marker::I64 => Token::Signed(i64::from_be_bytes(self.array()?)),
            _ => return self.long_token(first),
        })
    }

    /// A token whose marker is followed by a length.
    fn long_token(&mut self, first: u8) -> Result<Token<'de>, Error> {
        let length = match first {
            marker::FIX_EXT_1 => 1,
            marker::BIN_8 | marker::EXT_8 | marker::STR_8 => {
                usize::from(u8::from_be_bytes(self.array()?))
            }
            marker::BIN_16
            | marker::EXT_16
            | marker::STR_16
            | marker::ARRAY_16
            | marker::MAP_16 => usize::from(u16::from_be_bytes(self.array()?)),
            _ => usize::try_from(u32::from_be_bytes(self.array()?))
                .map_err(|_| Error::new("it is longer than memory"))?,
        };
        match first {
            marker::BIN_8 | marker::BIN_16 | marker::BIN_32 => Ok(Token::Bin(self.take(length)?)),
            marker::STR_8 | marker::STR_16 | marker::STR_32 => self.str(length),
            marker::ARRAY_16 | marker::ARRAY_32 => Ok(Token::Array(length)),
            marker::MAP_16 | marker::MAP_32 => Ok(Token::Map(length)),
            marker::FIX_EXT_1 | marker::EXT_8 | marker::EXT_16 | marker::EXT_32 => self.ext(length),
            unknown => Err(Error::new(format!(
                "there is no value that starts with {unknown:#04x}"
            ))),
        }
    }

    fn ext(&mut self, length: usize) -> Result<Token<'de>, Error> {
        let [kind] = self.array()?;
        let bytes = self.take(length)?;
        let wide = || {
            let wide: Result<[u8; 16], _> = bytes.try_into();
            wide.map_err(|_| Error::new("a wide number has 16 bytes"))
        };
        match (kind, bytes) {
            (extension::SOME_NIL, &[count @ 1..=u8::MAX]) => Ok(Token::SomeNil(count)),
            (extension::BLOB, &[a, b, c, d]) => Ok(Token::Blob(u32::from_be_bytes([a, b, c, d]))),
            (extension::END, &[a, b, c, d]) => Ok(Token::End(u32::from_be_bytes([a, b, c, d]))),
            (extension::BYTES, bytes) => Ok(Token::Bytes(bytes)),
            (extension::U128, _) => wide().map(u128::from_be_bytes).map(Token::U128),
            (extension::I128, _) => wide().map(i128::from_be_bytes).map(Token::I128),
            _ => Err(Error::new(format!("there is no extension {kind:#04x}"))),
        }
    }

    fn str(&mut self, length: usize) -> Result<Token<'de>, Error> {
        let text = std::str::from_utf8(self.take(length)?);
        text.map(Token::Str)
            .map_err(|_| Error::new("a text is not UTF-8"))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn take(&mut self, length: usize) -> Result<&'de [u8], Error> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// How much there is left to read.
    pub(super) fn remaining(&self) -> usize {
        self.rest.len()
    }
}

fn cut_short() -> Error {
    Error::new("it is cut short")
}
