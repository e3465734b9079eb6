//! The delay before attempt n.
//!
//! The delay doubles from attempt to attempt up to a cap. On top of it comes a small random part, so
//! that many parents which failed together do not come back together. The random part only ever makes
//! a delay longer: whoever relies on the formula is never surprised by an early attempt.

use std::time::Duration;

/// The delay after `failures` failures in a row: `first * 2^(failures - 1)`, at most `max`.
///
/// ```
/// use std::time::Duration;
/// use flame_core::backoff::delay;
///
/// let (first, max) = (Duration::from_millis(500), Duration::from_secs(30));
/// assert_eq!(delay(first, max, 0), Duration::ZERO);
/// assert_eq!(delay(first, max, 1), Duration::from_millis(500));
/// assert_eq!(delay(first, max, 3), Duration::from_secs(2));
/// assert_eq!(delay(first, max, 99), max);
/// ```
pub fn delay(first: Duration, max: Duration, failures: u32) -> Duration {
    let Some(doublings) = failures.checked_sub(1) else {
        return Duration::ZERO;
    };
    let factor = 2_u32.checked_pow(doublings).unwrap_or(u32::MAX);
    first.saturating_mul(factor).min(max)
}

/// A source of jitter that is a function of its seed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Jitter {
    state: u64,
}

impl Jitter {
    /// Starts the sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        // The generator below stands still at 0.
        let state = seed.wrapping_add(0x9E37_79B9_7F4A_7C15).max(1);
        Self { state }
    }

    /// Makes `delay` longer, by less than a quarter of it.
    pub fn stretch(&mut self, delay: Duration) -> Duration {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let thousandths = u32::try_from(self.state % 250).unwrap_or(0);
        delay.saturating_add(delay.saturating_mul(thousandths) / 1000)
    }
}
