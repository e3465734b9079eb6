use serde::ser::{Serialize, SerializeMap, SerializeStruct, SerializeStructVariant};

use crate::codec::Error;
use crate::codec::ser::{Encoder, Header};

/// Writes the fields of a struct or the entries of a map.
pub(in crate::codec) struct Fields<'a> {
    encoder: &'a mut Encoder,
    /// How deep it is in what it is nested in.
    outside: u32,
    start: usize,
    announced: usize,
    count: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn start(
        encoder: &'a mut Encoder,
        outside: u32,
        announced: Option<usize>,
    ) -> Result<Self, Error> {
        encoder.deeper()?;
        let start = encoder.out.len();
        let announced = announced.unwrap_or(0);
        encoder.header(Header::map(announced))?;
        Ok(Self {
            encoder,
            outside,
            start,
            announced,
            count: 0,
        })
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.count += 1;
        self.encoder.text(name)?;
        value.serialize(&mut *self.encoder)
    }

    fn finish(self) -> Result<(), Error> {
        self.encoder.depth = self.outside;
        if self.count != self.announced {
            let written = Header::map(self.announced)?;
            let right = Header::map(self.count)?;
            let place = self.start..self.start + written.as_bytes().len();
            let header = right.as_bytes().iter().copied();
            self.encoder.out.splice(place, header);
        }
        Ok(())
    }
}

impl SerializeMap for Fields<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.count += 1;
        key.serialize(&mut *self.encoder)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.encoder)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl SerializeStructVariant for Fields<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}
