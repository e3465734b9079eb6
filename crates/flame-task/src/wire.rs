//! How values cross.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::{self, Parts};

mod blob;
mod payload;

pub use blob::Blob;
pub use payload::Payload;

/// What may cross to a runner and back: any serde type that owns its data.
///
/// It is implemented for all of them; there is nothing to implement.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel to a runner",
    label = "captured or returned by a task, so it must be serde `Serialize + DeserializeOwned`, `Send` and `'static`",
    note = "for your own type: `#[derive(serde::Serialize, serde::Deserialize)]`",
    note = "for a borrowed value: capture an owned one (`let name = name.to_owned();`)",
    note = "for a future: write `|x| async move {{ f(x).await }}`",
    note = "for something that lives in the process (a pool, a client): take it as `db: Provided<Db>`"
)]
pub trait Wire: Serialize + DeserializeOwned + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send + 'static> Wire for T {}

/// A payload that does not hold the value it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DecodeError(pub(crate) String);

/// Encodes a value, with its blobs and the ends of channels in it beside it.
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Payload, codec::Error> {
    let Parts {
        message,
        blobs,
        ends,
    } = codec::encode(value)?;
    ends.encode_waiting();
    Ok(Payload {
        head: message.into(),
        blobs,
        ends,
    })
}

/// Decodes a value; its blobs are slices of the payload's.
pub(crate) fn decode<T: DeserializeOwned>(payload: Payload) -> Result<T, DecodeError> {
    let Payload { head, blobs, ends } = payload;
    let parts = Parts {
        message: &*head,
        blobs,
        ends,
    };
    codec::decode(parts).map_err(|error| DecodeError(error.to_string()))
}
