use serde::de::{Deserializer, Visitor};

use crate::codec::Error;
use crate::codec::de::options::Options;

/// One item of a packed sequence of `u8`. serde has such a deserializer too, but it refuses newtypes.
pub(super) struct Byte {
    value: u8,
    options: Options,
}

impl Byte {
    #[inline]
    pub(super) fn new(value: u8) -> Self {
        Self {
            value,
            options: Options::default(),
        }
    }
}

impl<'de> Deserializer<'de> for Byte {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u8(self.value)
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        self.options.enter_at(0)?;
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
