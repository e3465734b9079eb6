use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Refusal, table};
use crate::threads::Threads;

/// Refused handshakes that the recorder has not heard of yet, by reason.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Arc<[AtomicU64; Refusal::COUNT]>);

impl Refusals {
    /// Counts one. However many come at once, the recorder's thread has one task for each reason.
    pub(crate) fn count(&self, refusal: Refusal, threads: &Threads) {
        let waiting = self.0.clone();
        let place = refusal as usize;
        if waiting[place].fetch_add(1, Ordering::Relaxed) == 0 {
            threads.metrics().spawn(async move {
                let refused = waiting[place].swap(0, Ordering::Relaxed);
                table::HANDSHAKES_REFUSED.describe();
                table::HANDSHAKES_REFUSED
                    .counter([refusal.label().into()])
                    .increment(refused);
            });
        }
    }
}
