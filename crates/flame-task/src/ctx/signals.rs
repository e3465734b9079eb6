use std::fmt;
use std::sync::Mutex;

use tokio_util::sync::CancellationToken;

/// What a run is told while it goes on, and what it may tell.
#[doc(hidden)]
#[derive(Default)]
pub struct Signals {
    /// Nobody waits for it any more.
    pub cancellation: CancellationToken,
    /// Its runner is to end.
    pub draining: CancellationToken,
    /// Whom it tells that it lives.
    pub accepted: Mutex<Option<Accepted>>,
}

/// Somebody who wants to know that placed work lives.
#[doc(hidden)]
pub type Accepted = Box<dyn FnOnce() + Send>;

impl Signals {
    /// For a task that runs as a part of this one. It is placed nowhere.
    pub(super) fn for_part(&self) -> Self {
        Self {
            cancellation: self.cancellation.child_token(),
            draining: self.draining.clone(),
            accepted: Mutex::new(None),
        }
    }

    pub(super) fn accept(&self) {
        let mut accepted = match self.accepted.lock() {
            Ok(accepted) => accepted,
            // Nothing is done under the lock that could panic.
            Err(poisoned) => poisoned.into_inner(),
        };
        let accepted = accepted.take();
        if let Some(tell) = accepted {
            tell();
        }
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals")
            .field("cancellation", &self.cancellation)
            .field("draining", &self.draining)
            .finish_non_exhaustive()
    }
}
