use std::time::{Duration, Instant};

use crate::backoff::{self, Jitter};
use crate::id::RunnerId;

/// Where a pause may be configured as nothing, it is this long: a pool must not spin.
pub(super) const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// Where a pause may be configured as endless, it is this long: an instant after it can be named.
const LONGEST_PAUSE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The pause between failed boots and the next ones.
///
/// Boots that were under way together fail together when a provider has an outage. They count as one
/// failure, or a single bad second would put a large pool to sleep for the longest pause at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct BootPause {
    first: Duration,
    max: Duration,
    jitter: Jitter,
    failures: u32,
    until: Option<Instant>,
    /// Boots numbered below this one belong to the failure that was counted last.
    next_wave: RunnerId,
}

impl BootPause {
    pub(super) fn new(first: Duration, max: Duration, jitter_seed: u64) -> Self {
        Self {
            first,
            max,
            jitter: Jitter::new(jitter_seed),
            failures: 0,
            until: None,
            next_wave: RunnerId(0),
        }
    }

    /// How many failures in a row were counted.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// When boots may go on, if there is a pause at `now`.
    pub(super) fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|&until| until > now)
    }

    /// Counts a failed boot; `next_boot` is the number that no boot has had yet.
    pub(super) fn boot_failed(&mut self, boot: RunnerId, next_boot: RunnerId, now: Instant) {
        if self.failures == 0 || boot >= self.next_wave {
            self.failures = self.failures.saturating_add(1);
            self.next_wave = next_boot;
        }
        let delay = backoff::delay(self.first, self.max, self.failures);
        let delay = delay.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        let until = now.checked_add(self.jitter.stretch(delay));
        self.until = self.until.max(until);
    }

    pub(super) fn boot_succeeded(&mut self) {
        self.failures = 0;
        self.until = None;
    }
}
