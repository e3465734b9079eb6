//! Ends of channels inside of a value.
//!
//! As with [`blobs`](super::blobs), serde has no notion of them: an end is a newtype struct with a name that
//! this codec knows, and is itself handed over on the thread.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::channel::{Departing, End, Ends, Role};

/// The name of the newtype struct.
pub(crate) const NAME: &str = "flame::channel";

/// What a [`reference()`] starts with.
const MARK: &[u8; 16] = b"\0flame end no.  ";

/// How long a [`reference()`] is.
const REFERENCE: usize = MARK.len() + size_of::<u32>();

thread_local! {
    static OFFERED: Cell<Option<Departing>> = const { Cell::new(None) };
    static ARRIVED: RefCell<Vec<Ends>> = const { RefCell::new(Vec::new()) };
}

/// Offers the end that is about to be encoded to this codec, should it be the encoder.
pub(crate) fn offer(end: Departing) -> Offer {
    OFFERED.set(Some(end));
    Offer
}

/// The end that is being encoded, if it was not taken yet.
pub(super) fn take_offered() -> Option<Departing> {
    OFFERED.take()
}

/// Ends an offer, also when a user's serializer panics.
pub(crate) struct Offer;

impl Drop for Offer {
    fn drop(&mut self) {
        OFFERED.take();
    }
}

/// Runs `decode`, which may find these ends. One value may decode another inside of its own `Deserialize`.
pub(super) fn with_arrived<R>(ends: Ends, decode: impl FnOnce() -> R) -> R {
    struct Pop;
    impl Drop for Pop {
        fn drop(&mut self) {
            let ends = ARRIVED.with_borrow_mut(Vec::pop);
            drop(ends);
        }
    }
    ARRIVED.with_borrow_mut(|stack| stack.push(ends));
    let _pop = Pop;
    decode()
}

/// What stands for an end while serde carries it from the decoder to the `Tx` or `Rx`.
pub(super) fn reference(index: u32) -> [u8; REFERENCE] {
    let mut reference = [0; REFERENCE];
    let (mark, number) = reference.split_at_mut(MARK.len());
    mark.copy_from_slice(MARK);
    number.copy_from_slice(&index.to_be_bytes());
    reference
}

/// The end that `bytes` stand for.
///
/// # Errors
///
/// The message, if there is no such end.
pub(crate) fn find(bytes: &[u8], role: Role) -> Result<Arc<End>, String> {
    let index = bytes.strip_prefix(MARK).and_then(|n| n.try_into().ok());
    let Some(index) = index.map(u32::from_be_bytes) else {
        return Err("it is not an end of a channel".to_owned());
    };
    let ends = ARRIVED.with_borrow(|stack| stack.last().cloned());
    ends.unwrap_or_default().take(index, role)
}
