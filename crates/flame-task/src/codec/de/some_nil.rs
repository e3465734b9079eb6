use serde::de::{Deserializer, Visitor};

use crate::codec::Error;

/// A nil with so many `Some` around it.
pub(super) struct SomeNil {
    around: u8,
}

impl SomeNil {
    pub(super) fn new(around: u8) -> Self {
        Self { around }
    }

    /// Takes one `Some` off; without any it is a nil.
    pub(super) fn show<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.around.checked_sub(1) {
            Some(around) => visitor.visit_some(Self { around }),
            None => visitor.visit_unit(),
        }
    }
}

impl<'de> Deserializer<'de> for SomeNil {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.show(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.around {
            0 => visitor.visit_none(),
            1.. => self.show(visitor),
        }
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
