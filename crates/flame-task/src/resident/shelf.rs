use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A value of whatever type.
#[doc(hidden)]
pub type Value = Arc<dyn Any + Send + Sync>;

/// The values that calls have left on one runner, by the numbers under which its parent knows them.
#[doc(hidden)]
#[derive(Default)]
pub struct Shelf {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    last: u64,
    values: HashMap<u64, Value>,
}

impl Shelf {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.lock().values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a value out. Whoever drops it runs its `Drop`, which is the user's code.
    pub fn release(&self, number: u64) -> Option<Value> {
        self.lock().values.remove(&number)
    }

    pub(super) fn put(&self, value: Value) -> u64 {
        let mut inner = self.lock();
        inner.last += 1;
        let number = inner.last;
        inner.values.insert(number, value);
        number
    }

    pub(super) fn find(&self, number: u64) -> Option<Value> {
        self.lock().values.get(&number).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No code of the user runs under it.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shelf({} values)", self.len())
    }
}
