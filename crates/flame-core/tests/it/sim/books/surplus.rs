use std::time::{Duration, Instant};

use super::Books;

impl Books {
    /// Boots that nobody needs at this moment.
    pub(crate) fn surplus(&self) -> usize {
        let spare = (self.ready() + self.booting()).saturating_sub(self.target());
        spare.min(self.booting())
    }

    /// Writes down how many there are when all that has happened was answered.
    pub(crate) fn note_surplus(&mut self, now: Instant) {
        self.surplus_since.resize(self.surplus(), now);
    }

    /// Whether some boot was not needed for long enough.
    pub(crate) fn is_surplus_over(&self, now: Instant) -> bool {
        let linger = self.boot_linger();
        let is_over = |&since: &Instant| since + linger <= now;
        self.surplus() > 0 && (linger.is_zero() || self.surplus_since.first().is_some_and(is_over))
    }

    fn boot_linger(&self) -> Duration {
        if self.life.is_open() {
            self.plan.timeouts.boot_linger
        } else {
            Duration::ZERO
        }
    }
}
