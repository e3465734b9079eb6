use crate::codec::marker;
use crate::codec::ser::Encoder;

impl Encoder {
    /// A number that is not negative, in as few bytes as it fits.
    pub(super) fn unsigned(&mut self, value: u64) {
        if let Ok(value) = u8::try_from(value) {
            if value > 0x7f {
                self.out.push(marker::U8);
            }
            self.out.push(value);
        } else if let Ok(value) = u16::try_from(value) {
            self.number(marker::U16, value.to_be_bytes());
        } else if let Ok(value) = u32::try_from(value) {
            self.number(marker::U32, value.to_be_bytes());
        } else {
            self.number(marker::U64, value.to_be_bytes());
        }
    }

    /// A number that may be negative, in as few bytes as it fits.
    pub(super) fn signed(&mut self, value: i64) {
        if let Ok(value) = u64::try_from(value) {
            self.unsigned(value);
        } else if let Ok(value) = i8::try_from(value) {
            if value < -32 {
                self.out.push(marker::I8);
            }
            self.out.extend(value.to_be_bytes());
        } else if let Ok(value) = i16::try_from(value) {
            self.number(marker::I16, value.to_be_bytes());
        } else if let Ok(value) = i32::try_from(value) {
            self.number(marker::I32, value.to_be_bytes());
        } else {
            self.number(marker::I64, value.to_be_bytes());
        }
    }

    pub(super) fn float_32(&mut self, value: f32) {
        self.number(marker::F32, value.to_be_bytes());
    }

    pub(super) fn float_64(&mut self, value: f64) {
        self.number(marker::F64, value.to_be_bytes());
    }

    fn number<const N: usize>(&mut self, marker: u8, bytes: [u8; N]) {
        self.out.push(marker);
        self.out.extend(bytes);
    }
}
