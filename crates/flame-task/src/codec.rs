//! The format of values.
mod error;
pub use error::Error;

pub(crate) fn to_vec<T: serde::Serialize + ?Sized>(_value: &T) -> Result<Vec<u8>, Error> {
    Err(Error("not yet".into()))
}
pub(crate) fn from_slice<'de, T: serde::Deserialize<'de>>(_bytes: &'de [u8]) -> Result<T, Error> {
    Err(Error("not yet".into()))
}
