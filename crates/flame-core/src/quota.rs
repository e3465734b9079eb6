//! So much in a second, and no more.

use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Lets so many things pass in each second, and counts the others.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use flame_core::quota::{Passed, Quota};
///
/// let mut quota = Quota::per_second(1);
/// let now = Instant::now();
/// assert_eq!(quota.ask(now), Some(Passed { dropped_before: 0 }));
/// assert_eq!(quota.ask(now), None);
/// assert_eq!(quota.ask(now), None);
/// let later = now + Duration::from_secs(1);
/// assert_eq!(quota.ask(later), Some(Passed { dropped_before: 2 }));
/// ```
#[derive(Clone, Debug)]
pub struct Quota {
    per_second: u32,
    /// When the second began that is being counted.
    began_at: Option<Instant>,
    passed: u32,
    dropped: u64,
}

/// It may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// How many did not since the last one that did.
    pub dropped_before: u64,
}

impl Quota {
    /// So many in each second, which begins with the first one that asks.
    pub fn per_second(per_second: u32) -> Self {
        Self {
            per_second,
            began_at: None,
            passed: 0,
            dropped: 0,
        }
    }

    /// Asks for one more. `None` when it must not pass.
    pub fn ask(&mut self, now: Instant) -> Option<Passed> {
        let is_over = |began_at: Instant| now.saturating_duration_since(began_at) >= SECOND;
        if self.began_at.is_none_or(is_over) {
            self.began_at = Some(now);
            self.passed = 0;
        }
        if self.passed == self.per_second {
            self.dropped += 1;
            return None;
        }
        self.passed += 1;
        let dropped_before = std::mem::take(&mut self.dropped);
        Some(Passed { dropped_before })
    }
}
