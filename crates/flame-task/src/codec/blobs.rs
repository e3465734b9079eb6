//! Byte strings that travel beside the message.
//!
//! serde has no notion of them, so [`Blob`](crate::Blob) is a newtype struct with a name that this codec
//! knows. The bytes themselves are handed over beside serde, on the thread. Every other format sees plain
//! bytes, also when a value calls it from inside of its own `Serialize`.

use std::cell::{Cell, RefCell};

use bytes::Bytes;

/// The name of the newtype struct.
pub(crate) const NAME: &str = "flame::Blob";

/// What a [`reference()`] starts with.
const MARK: &[u8; 16] = b"\0flame blob no. ";

/// How long a [`reference()`] is.
const REFERENCE: usize = MARK.len() + size_of::<u32>();

thread_local! {
    static OFFERED: Cell<Option<Bytes>> = const { Cell::new(None) };
    static ARRIVED: RefCell<Vec<Vec<Bytes>>> = const { RefCell::new(Vec::new()) };
}

/// Offers the blob that is about to be encoded to this codec, should it be the encoder.
pub(crate) fn offer(blob: &Bytes) -> Offer {
    OFFERED.set(Some(blob.clone()));
    Offer
}

/// The blob that is being encoded, if it was not taken yet.
pub(super) fn take_offered() -> Option<Bytes> {
    OFFERED.take()
}

/// Ends an offer, also when a user's serializer panics.
pub(crate) struct Offer;

impl Drop for Offer {
    fn drop(&mut self) {
        OFFERED.take();
    }
}

/// Runs `decode`, which may find these blobs. One value may decode another inside of its own `Deserialize`.
pub(super) fn with_arrived<R>(blobs: Vec<Bytes>, decode: impl FnOnce() -> R) -> R {
    struct Pop;
    impl Drop for Pop {
        fn drop(&mut self) {
            ARRIVED.with_borrow_mut(Vec::pop);
        }
    }
    ARRIVED.with_borrow_mut(|stack| stack.push(blobs));
    let _pop = Pop;
    decode()
}

/// What stands for a blob while serde carries it from the decoder to the `Blob`.
pub(super) fn reference(index: u32) -> [u8; REFERENCE] {
    let mut reference = [0; REFERENCE];
    let (mark, number) = reference.split_at_mut(MARK.len());
    mark.copy_from_slice(MARK);
    number.copy_from_slice(&index.to_be_bytes());
    reference
}

/// The blob that `bytes` stand for, if they stand for one.
///
/// # Errors
///
/// The message, if there is no such blob.
pub(crate) fn find(bytes: &[u8]) -> Result<Option<Bytes>, String> {
    let index = bytes.strip_prefix(MARK).and_then(|n| n.try_into().ok());
    let Some(index) = index.map(u32::from_be_bytes) else {
        return Ok(None);
    };
    let blob = ARRIVED.with_borrow(|stack| {
        let index = usize::try_from(index).ok()?;
        stack.last()?.get(index).cloned()
    });
    match blob {
        Some(blob) => Ok(Some(blob)),
        None => Err(format!("there is no blob number {index}")),
    }
}
