use std::sync::{Arc, Mutex, PoisonError};

use super::shelf::{Shelf, Value};

/// What one run of a task leaves on its runner.
///
/// Until they are [`taken`](Self::take), the values go with it: a result that does not reach the parent leaves nothing.
#[doc(hidden)]
#[derive(Debug)]
pub struct Leavings {
    shelf: Arc<Shelf>,
    left: Mutex<Vec<u64>>,
}

impl Leavings {
    /// Nothing so far.
    pub fn new(shelf: Arc<Shelf>) -> Self {
        Self {
            shelf,
            left: Mutex::default(),
        }
    }

    /// The numbers of what was left. From here on it is for the parent to release them.
    pub fn take(&self) -> Vec<u64> {
        std::mem::take(&mut *self.left.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn leave(&self, value: Value) -> u64 {
        let number = self.shelf.put(value);
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.push(number);
        number
    }

    pub(super) fn find(&self, number: u64) -> Option<Value> {
        self.shelf.find(number)
    }

    /// Takes back what was left.
    pub fn withdraw(&self) {
        for number in self.take() {
            drop(self.shelf.release(number));
        }
    }
}

impl Drop for Leavings {
    fn drop(&mut self) {
        self.withdraw();
    }
}
