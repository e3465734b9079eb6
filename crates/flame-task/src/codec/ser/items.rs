use serde::ser::{
    Serialize, SerializeSeq, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
};

use crate::codec::ser::{Encoder, Header, Packed};
use crate::codec::{Error, extension};

/// How much room is made for a sequence at once: its length is no more than what somebody has announced.
const MOST_RESERVED: usize = 64 << 20;

/// Writes the items of a sequence or tuple.
///
/// The header is written first, for the announced length. Should that turn out wrong it is replaced, which
/// moves what follows.
pub(in crate::codec) struct Items<'a> {
    encoder: &'a mut Encoder,
    /// How deep it is in what it is nested in.
    outside: u32,
    start: usize,
    announced: Option<usize>,
    count: usize,
}

impl<'a> Items<'a> {
    pub(super) fn start(
        encoder: &'a mut Encoder,
        outside: u32,
        announced: Option<usize>,
    ) -> Result<Self, Error> {
        encoder.deeper()?;
        let start = encoder.out.len();
        // An item takes a byte at least.
        encoder
            .out
            .reserve(announced.unwrap_or(0).min(MOST_RESERVED));
        encoder.header(Header::ext(announced.unwrap_or(0), extension::BYTES))?;
        encoder.packed = Some(Packed {
            start,
            body: encoder.out.len(),
            announced,
        });
        Ok(Self {
            encoder,
            outside,
            start,
            announced,
            count: 0,
        })
    }

    #[inline]
    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.count += 1;
        item.serialize(&mut *self.encoder)
    }

    fn finish(self) -> Result<(), Error> {
        self.encoder.depth = self.outside;
        let packed = self.encoder.packed.take();
        let announced = self.announced.unwrap_or(0);
        let (written, right) = match packed {
            // An empty sequence is an empty array: nobody can tell what it would have held.
            Some(_) if self.count == 0 => {
                self.encoder.out.truncate(self.start);
                return self.encoder.header(Header::array(0));
            }
            Some(_) => (
                Header::ext(announced, extension::BYTES)?,
                Header::ext(self.count, extension::BYTES)?,
            ),
            None => (Header::array(announced)?, Header::array(self.count)?),
        };
        if written.as_bytes() != right.as_bytes() {
            let place = self.start..self.start + written.as_bytes().len();
            let header = right.as_bytes().iter().copied();
            self.encoder.out.splice(place, header);
        }
        Ok(())
    }
}

macro_rules! items {
    ($($trait:ident::$method:ident),*) => { $(
        impl $trait for Items<'_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
                self.item(item)
            }

            fn end(self) -> Result<(), Error> {
                self.finish()
            }
        }
    )* };
}

items!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
