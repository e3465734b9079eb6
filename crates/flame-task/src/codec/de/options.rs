use crate::codec::{Error, MAX_DEPTH};

/// The options around the value that is read next.
///
/// An option takes no byte of its own, so nothing else ends `struct Doll(Option<Box<Doll>>)` when what lies
/// there is no nil.
#[derive(Clone, Copy, Default)]
pub(super) struct Options {
    /// How many bytes were left where the last one started.
    left: usize,
    /// How many started there.
    count: u32,
}

impl Options {
    /// One more starts where so many bytes are left.
    pub(super) fn enter_at(&mut self, left: usize) -> Result<(), Error> {
        let before = if self.left == left { self.count } else { 0 };
        if before == MAX_DEPTH {
            return Err(Error::too_deep());
        }
        *self = Self {
            left,
            count: before + 1,
        };
        Ok(())
    }
}
