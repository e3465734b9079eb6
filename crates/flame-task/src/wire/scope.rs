//! Which payload the value that is being encoded or decoded on this thread belongs to.
//!
//! serde hands a value nothing but the serializer, so the list of blobs is kept beside it. The scopes
//! form a stack, for a value may encode another one inside of its own `Serialize`.

use std::cell::RefCell;

use bytes::Bytes;

thread_local! {
    static ENCODING: RefCell<Vec<Vec<Bytes>>> = const { RefCell::new(Vec::new()) };
    static DECODING: RefCell<Vec<Vec<Bytes>>> = const { RefCell::new(Vec::new()) };
}

/// Runs `encode`, and returns with its result the blobs that it met.
pub(super) fn encoding<R>(encode: impl FnOnce() -> R) -> (R, Vec<Bytes>) {
    ENCODING.with_borrow_mut(|scopes| scopes.push(Vec::new()));
    let unwinding = PopOnDrop(&ENCODING);
    let result = encode();
    std::mem::forget(unwinding);
    let blobs = ENCODING.with_borrow_mut(Vec::pop);
    (result, blobs.unwrap_or_default())
}

/// Runs `decode`, which may ask for the given blobs.
pub(super) fn decoding<R>(blobs: Vec<Bytes>, decode: impl FnOnce() -> R) -> R {
    DECODING.with_borrow_mut(|scopes| scopes.push(blobs));
    let _scope = PopOnDrop(&DECODING);
    decode()
}

/// Keeps a blob for the payload that is being encoded, and returns its index; `None` outside of one.
pub(super) fn put_blob(blob: &Bytes) -> Option<u64> {
    ENCODING.with_borrow_mut(|scopes| {
        let blobs = scopes.last_mut()?;
        blobs.push(blob.clone());
        Some(blobs.len() as u64 - 1)
    })
}

/// Whether a payload is being decoded.
pub(super) fn is_decoding() -> bool {
    DECODING.with_borrow(|scopes| !scopes.is_empty())
}

/// The blob with this index, if the payload that is being decoded has so many.
pub(super) fn blob(index: u64) -> Option<Bytes> {
    DECODING.with_borrow(|scopes| {
        let index = usize::try_from(index).ok()?;
        scopes.last()?.get(index).cloned()
    })
}

/// Ends a scope, also when a user's `Serialize` or `Deserialize` panics.
struct PopOnDrop(&'static std::thread::LocalKey<RefCell<Vec<Vec<Bytes>>>>);

impl Drop for PopOnDrop {
    fn drop(&mut self) {
        self.0.with_borrow_mut(Vec::pop);
    }
}
