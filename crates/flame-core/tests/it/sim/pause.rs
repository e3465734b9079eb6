use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use flame_core::RunnerId;
use flame_core::pool::PoolTimeouts;

/// The bounds of the pause after failed boots, computed apart from the pool.
#[derive(Clone, Debug)]
pub(crate) struct Pause {
    first: Duration,
    cap: Duration,
    failures: u32,
    /// The boots that had begun when a failure was last counted; they count together.
    wave: BTreeSet<RunnerId>,
    /// No boot before this.
    pub(crate) not_before: Option<Instant>,
    /// The jitter is over by then.
    pub(crate) over_at: Option<Instant>,
}

impl Pause {
    pub(crate) fn new(timeouts: &PoolTimeouts) -> Self {
        Self {
            first: timeouts.boot_backoff_first,
            cap: timeouts.boot_backoff_max,
            failures: 0,
            wave: BTreeSet::new(),
            not_before: None,
            over_at: None,
        }
    }

    pub(crate) fn boot_failed(&mut self, boot: RunnerId, begun: &BTreeSet<RunnerId>, now: Instant) {
        if self.failures == 0 || !self.wave.contains(&boot) {
            self.failures += 1;
            self.wave.clone_from(begun);
        }
        let mut pause = self.first;
        for _ in 1..self.failures.min(40) {
            pause = (pause * 2).min(self.cap);
        }
        self.not_before = self.not_before.max(Some(now + pause));
        self.over_at = self.over_at.max(Some(now + pause + pause / 4));
    }

    pub(crate) fn boot_succeeded(&mut self) {
        self.failures = 0;
        self.not_before = None;
        self.over_at = None;
    }

    /// Whether the pool may be waiting at `now`.
    pub(crate) fn may_last(&self, now: Instant) -> bool {
        self.over_at.is_some_and(|at| now < at)
    }

    /// Whether the pool must be waiting at `now`.
    pub(crate) fn must_last(&self, now: Instant) -> bool {
        self.not_before.is_some_and(|at| now < at)
    }
}
