//! Encoding.

use bytes::Bytes;
use serde::ser::{Serialize, Serializer};

use crate::channel::{Departing, Ends};
use crate::codec::{Error, MAX_DEPTH, Parts, blobs, ends, extension, marker};

mod fields;
mod header;
mod items;
mod number;

use fields::Fields;
use header::Header;
use items::Items;

/// Writes one value.
///
/// Every method but `serialize_u8` and `serialize_newtype_struct` starts with [`Encoder::not_a_byte`]: a
/// sequence is packed as long as all its items have been single bytes, and is unpacked by the first that is
/// not. So no item is tried twice and no type is asked for its name.
pub(super) struct Encoder {
    out: Vec<u8>,
    depth: u32,
    /// The innermost sequence, while all its items are bytes.
    packed: Option<Packed>,
    /// What goes beside the message.
    blobs: Vec<Bytes>,
    /// The ends of channels that go with it.
    ends: Vec<Departing>,
}

/// A sequence that has been nothing but bytes so far.
struct Packed {
    /// Where its header starts.
    start: usize,
    /// Where its bytes start.
    body: usize,
    /// How many items it said it has.
    announced: Option<usize>,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self {
            out: Vec::with_capacity(128),
            depth: 0,
            packed: None,
            blobs: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// The message, and what goes beside it.
    pub(super) fn into_parts(self) -> Parts<Vec<u8>> {
        Parts {
            message: self.out,
            blobs: self.blobs,
            ends: Ends::new(self.ends),
        }
    }

    /// The value that follows is not a byte, so the sequence it is in is not packed.
    fn not_a_byte(&mut self) -> Result<(), Error> {
        let Some(packed) = self.packed.take() else {
            return Ok(());
        };
        let bytes = self.out.split_off(packed.body);
        self.out.truncate(packed.start);
        let header = Header::array(packed.announced.unwrap_or(0))?;
        self.out.extend_from_slice(header.as_bytes());
        for byte in bytes {
            self.unsigned(u64::from(byte));
        }
        Ok(())
    }

    fn header(&mut self, header: Result<Header, Error>) -> Result<(), Error> {
        self.out.extend_from_slice(header?.as_bytes());
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        self.header(Header::str(text.len()))?;
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn extension(&mut self, kind: u8, bytes: &[u8]) -> Result<(), Error> {
        self.header(Header::ext(bytes.len(), kind))?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn blob(&mut self, blob: Bytes) -> Result<(), Error> {
        self.not_a_byte()?;
        let index = u32::try_from(self.blobs.len());
        let index = index.map_err(|_| Error::new("there are too many blobs"))?;
        self.blobs.push(blob);
        self.extension(extension::BLOB, &index.to_be_bytes())
    }

    fn end(&mut self, end: Departing) -> Result<(), Error> {
        self.not_a_byte()?;
        let index = u32::try_from(self.ends.len());
        let index = index.map_err(|_| Error::new("there are too many ends of channels"))?;
        self.ends.push(end);
        self.extension(extension::END, &index.to_be_bytes())
    }

    fn deeper(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::too_deep());
        }
        Ok(())
    }

    /// The name of an enum's variant, as the one key of a map whose value follows. That map is a level of
    /// its own, which the value's writer leaves at its end.
    fn variant(&mut self, variant: &'static str) -> Result<(), Error> {
        self.not_a_byte()?;
        self.deeper()?;
        self.header(Header::map(1))?;
        self.text(variant)
    }
}

macro_rules! numbers {
    ($($method:ident($type:ty) $write:ident;)*) => { $(
        fn $method(self, value: $type) -> Result<(), Error> {
            self.not_a_byte()?;
            self.$write(value.into());
            Ok(())
        }
    )* };
}

impl<'a> Serializer for &'a mut Encoder {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Fields<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Fields<'a>;

    fn is_human_readable(&self) -> bool {
        false
    }

    numbers! {
        serialize_i8(i8) signed;
        serialize_i16(i16) signed;
        serialize_i32(i32) signed;
        serialize_i64(i64) signed;
        serialize_u16(u16) unsigned;
        serialize_u32(u32) unsigned;
        serialize_u64(u64) unsigned;
        serialize_f32(f32) float_32;
        serialize_f64(f64) float_64;
    }

    // A `Vec<u8>` asks once for each of its bytes, from another crate.
    #[inline]
    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        if self.packed.is_some() {
            self.out.push(value);
        } else {
            self.unsigned(u64::from(value));
        }
        Ok(())
    }

    fn serialize_u128(self, value: u128) -> Result<(), Error> {
        self.not_a_byte()?;
        match u64::try_from(value) {
            Ok(value) => self.unsigned(value),
            Err(_) => self.extension(extension::U128, &value.to_be_bytes())?,
        }
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Result<(), Error> {
        self.not_a_byte()?;
        match (i64::try_from(value), u64::try_from(value)) {
            (Ok(value), _) => self.signed(value),
            (_, Ok(value)) => self.unsigned(value),
            (Err(_), Err(_)) => self.extension(extension::I128, &value.to_be_bytes())?,
        }
        Ok(())
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.not_a_byte()?;
        self.out
            .push(if value { marker::TRUE } else { marker::FALSE });
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.not_a_byte()?;
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.not_a_byte()?;
        self.header(Header::bin(value.len()))?;
        self.out.extend_from_slice(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.not_a_byte()?;
        let start = self.out.len();
        value.serialize(&mut *self)?;
        match self.out[start..] {
            [marker::NIL] => {
                self.out[start] = marker::FIX_EXT_1;
                self.out.extend([extension::SOME_NIL, 1]);
            }
            [marker::FIX_EXT_1, extension::SOME_NIL, count] => {
                let count = count.checked_add(1);
                let error = || Error::new("there are too many `Some` around a `None`");
                self.out[start + 2] = count.ok_or_else(error)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.not_a_byte()?;
        self.out.push(marker::NIL);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        if name == blobs::NAME
            && let Some(blob) = blobs::take_offered()
        {
            return self.blob(blob);
        }
        if name == ends::NAME
            && let Some(end) = ends::take_offered()
        {
            return self.end(end);
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.variant(variant)?;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        Ok(())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'a>, Error> {
        self.not_a_byte()?;
        let outside = self.depth;
        Items::start(self, outside, length)
    }

    fn serialize_tuple(self, length: usize) -> Result<Items<'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Items<'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items<'a>, Error> {
        let outside = self.depth;
        self.variant(variant)?;
        Items::start(self, outside, Some(length))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Fields<'a>, Error> {
        self.not_a_byte()?;
        let outside = self.depth;
        Fields::start(self, outside, length)
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Fields<'a>, Error> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Fields<'a>, Error> {
        let outside = self.depth;
        self.variant(variant)?;
        Fields::start(self, outside, Some(length))
    }
}
