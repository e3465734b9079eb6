use std::time::{Duration, Instant};

use super::state::after;

/// The boots that nobody needs just now, and since when.
///
/// Demand that falls and rises again within a moment, as between two batches of work, should neither end a boot
/// nor begin another: a provider charges for each, and limits their rate. So the first boot too many goes on
/// until there has been one too many for a while, the second until there have been two, and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Surplus {
    /// Since when there has been one boot too many, since when two, and so on.
    since: Vec<Instant>,
}

impl Surplus {
    /// Takes in how many boots are too many at `now`, and returns how many have been so for as long as `linger`.
    pub(super) fn note(&mut self, surplus: usize, linger: Duration, now: Instant) -> usize {
        self.since.resize(surplus, now);
        let is_over = |since: &Instant| after(*since, linger).is_some_and(|at| at <= now);
        let over = self.since.partition_point(is_over);
        self.since.drain(..over);
        over
    }

    /// When the next boot will have been too many for as long as `linger`.
    pub(super) fn due_at(&self, linger: Duration) -> Option<Instant> {
        after(*self.since.first()?, linger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::BOOT_LINGER;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test may read the clock")]
    fn a_boot_is_over_when_it_was_too_many_without_a_break() {
        let begin = Instant::now();
        let half = BOOT_LINGER / 2;
        let mut surplus = Surplus::default();
        let mut note = |surplus_now, halves| {
            let over = surplus.note(surplus_now, BOOT_LINGER, begin + half * halves);
            (over, surplus.due_at(BOOT_LINGER).map(|at| at - begin))
        };
        assert_eq!(note(1, 0), (0, Some(half * 2)));
        assert_eq!(note(3, 1), (0, Some(half * 2)));
        // Two are needed again for a moment, and one never was.
        assert_eq!(note(1, 1), (0, Some(half * 2)));
        assert_eq!(note(3, 1), (0, Some(half * 2)));
        assert_eq!(note(3, 2), (1, Some(half * 3)));
        assert_eq!(note(0, 3), (0, None));
        assert_eq!(note(2, 3), (0, Some(half * 5)));
        assert_eq!(note(2, 5), (2, None));
    }
}
