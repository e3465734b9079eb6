//! Decoding.

use serde::de::value::{BorrowedStrDeserializer, BytesDeserializer};
use serde::de::{Deserializer, Visitor};

use crate::codec::{Error, MAX_DEPTH, blobs, ends};

mod byte;
mod items;
mod options;
mod some_nil;
mod token;
mod variant;

use items::{Bytes, Items};
use options::Options;
use some_nil::SomeNil;
use token::Token;
use variant::Variant;

/// Reads one value.
pub(super) struct Decoder<'de> {
    /// What has not been read yet.
    rest: &'de [u8],
    depth: u32,
    options: Options,
}

/// How serde shall see a sequence of bytes.
#[derive(Clone, Copy)]
enum BytesAs {
    Sequence,
    Slice,
}

impl<'de> Decoder<'de> {
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self {
            rest: bytes,
            depth: 0,
            options: Options::default(),
        }
    }

    /// Nothing may be left over.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(Error::new(format!("{left} bytes are left over"))),
        }
    }

    fn deeper<R>(&mut self, read: impl FnOnce(&mut Self) -> Result<R, Error>) -> Result<R, Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::too_deep());
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn items<R>(
        &mut self,
        count: usize,
        read: impl FnOnce(&mut Items<'_, 'de>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        self.deeper(|decoder| {
            let mut items = Items::new(decoder, count);
            let value = read(&mut items)?;
            all_read(items.left())?;
            Ok(value)
        })
    }

    fn show<V: Visitor<'de>>(&mut self, visitor: V, bytes_as: BytesAs) -> Result<V::Value, Error> {
        match self.token()? {
            Token::Nil => visitor.visit_unit(),
            Token::SomeNil(count) => SomeNil::new(count).show(visitor),
            Token::Bool(value) => visitor.visit_bool(value),
            Token::Unsigned(value) => visitor.visit_u64(value),
            Token::Signed(value) => visitor.visit_i64(value),
            Token::U128(value) => visitor.visit_u128(value),
            Token::I128(value) => visitor.visit_i128(value),
            Token::F32(value) => visitor.visit_f32(value),
            Token::F64(value) => visitor.visit_f64(value),
            Token::Str(value) => visitor.visit_borrowed_str(value),
            Token::Bin(bytes) => visitor.visit_borrowed_bytes(bytes),
            Token::Bytes(bytes) => match bytes_as {
                BytesAs::Sequence => show_sequence(bytes, visitor),
                BytesAs::Slice => visitor.visit_borrowed_bytes(bytes),
            },
            Token::Blob(index) => show_blob(index, visitor),
            Token::End(index) => show_end(index, visitor),
            Token::Array(count) => self.items(count, |items| visitor.visit_seq(items)),
            Token::Map(count) => self.items(count, |items| visitor.visit_map(items)),
        }
    }
}

fn show_sequence<'de, V: Visitor<'de>>(bytes: &'de [u8], visitor: V) -> Result<V::Value, Error> {
    let mut bytes = Bytes::new(bytes);
    let value = visitor.visit_seq(&mut bytes)?;
    all_read(bytes.left())?;
    Ok(value)
}

/// A newtype struct around what stands for the blob: no other type is taken for one.
fn show_blob<'de, V: Visitor<'de>>(index: u32, visitor: V) -> Result<V::Value, Error> {
    let reference = blobs::reference(index);
    visitor.visit_newtype_struct(BytesDeserializer::new(&reference))
}

/// As [`show_blob`], for an end of a channel.
fn show_end<'de, V: Visitor<'de>>(index: u32, visitor: V) -> Result<V::Value, Error> {
    let reference = ends::reference(index);
    visitor.visit_newtype_struct(BytesDeserializer::new(&reference))
}

fn all_read(left: usize) -> Result<(), Error> {
    match left {
        0 => Ok(()),
        left => Err(Error::new(format!("{left} items are left over"))),
    }
}

impl<'de> Deserializer<'de> for &mut Decoder<'de> {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.show(visitor, BytesAs::Sequence)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let before = self.rest;
        match self.token()? {
            Token::Nil => visitor.visit_none(),
            Token::SomeNil(count) => SomeNil::new(count).show(visitor),
            Token::Bool(_)
            | Token::Unsigned(_)
            | Token::Signed(_)
            | Token::U128(_)
            | Token::I128(_)
            | Token::F32(_)
            | Token::F64(_)
            | Token::Str(_)
            | Token::Bin(_)
            | Token::Bytes(_)
            | Token::Blob(_)
            | Token::End(_)
            | Token::Array(_)
            | Token::Map(_) => {
                self.rest = before;
                self.options.enter_at(before.len())?;
                visitor.visit_some(self)
            }
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // One side may use `serde_bytes` where the other does not.
        let before = self.rest;
        if let Token::Bin(bytes) = self.token()? {
            return show_sequence(bytes, visitor);
        }
        self.rest = before;
        self.show(visitor, BytesAs::Sequence)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.show(visitor, BytesAs::Slice)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.show(visitor, BytesAs::Slice)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let before = self.rest;
        if name == blobs::NAME
            && let Token::Blob(index) = self.token()?
        {
            return show_blob(index, visitor);
        }
        self.rest = before;
        if name == ends::NAME
            && let Token::End(index) = self.token()?
        {
            return show_end(index, visitor);
        }
        self.rest = before;
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let token = self.token()?;
        if let Token::Str(variant) = token {
            return visitor.visit_enum(BorrowedStrDeserializer::new(variant));
        }
        if let Token::Map(1) = token {
            return self.deeper(|decoder| visitor.visit_enum(Variant::new(decoder)));
        }
        Err(Error::new("a variant of an enum was expected"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}
