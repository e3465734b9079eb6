use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many requests of a kind Fly takes at once before it takes one a second.
const CREATES_TOGETHER: u32 = 3;
/// The time between two requests after those. A little more than Fly's second, because its clock begins when a
/// request arrives and ours when it leaves.
const INTERVAL: Duration = Duration::from_millis(1100);

/// Keeps requests of one kind, about one app, within what Fly takes.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    /// When the bucket would be full again if nothing more were sent.
    full_at: Mutex<Option<Instant>>,
}

impl Bucket {
    /// When the next request may be sent. If that is later than `latest`, none is booked, and the error says how
    /// long it would have had to wait.
    pub(crate) fn book(&self, now: Instant, latest: Instant) -> Result<Instant, Duration> {
        let mut full_at = self.lock();
        let full = full_at.map_or(now, |full| full.max(now));
        // Waiting begins when the bucket is empty.
        let ahead = INTERVAL * (CREATES_TOGETHER - 1);
        let may_go_at = full.checked_sub(ahead).unwrap_or(now).max(now);
        if may_go_at > latest {
            return Err(may_go_at - now);
        }
        *full_at = Some(full + INTERVAL);
        Ok(may_go_at)
    }

    /// Fly wants fewer requests: somebody else sends some, too.
    pub(crate) fn empty(&self, now: Instant) {
        let mut full_at = self.lock();
        let full = now + INTERVAL * CREATES_TOGETHER;
        *full_at = Some(full_at.map_or(full, |full_at| full_at.max(full)));
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        // Every change is a single step, so a panic elsewhere leaves nothing half done.
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOREVER: Duration = Duration::from_secs(1000);

    // C9
    #[test]
    fn three_go_at_once_and_the_others_one_by_one() {
        let (bucket, now) = (Bucket::default(), Instant::now());
        let waits: Vec<Duration> = (0..6)
            .map(|_| bucket.book(now, now + FOREVER).unwrap() - now)
            .collect();
        let after = |intervals| INTERVAL * intervals;
        assert_eq!(
            waits,
            [after(0), after(0), after(0), after(1), after(2), after(3)]
        );
        // After as long as that took, there is room again for as many.
        let later = now + after(6);
        let waits = [(); 4].map(|()| bucket.book(later, later + FOREVER).unwrap() - later);
        assert_eq!(waits, [after(0), after(0), after(0), after(1)]);
    }

    #[test]
    fn whoever_cannot_wait_so_long_books_nothing() {
        let (bucket, now) = (Bucket::default(), Instant::now());
        for _ in 0..3 {
            assert_eq!(bucket.book(now, now), Ok(now));
        }
        assert_eq!(bucket.book(now, now), Err(INTERVAL));
        assert_eq!(bucket.book(now, now + INTERVAL), Ok(now + INTERVAL));
    }

    #[test]
    fn after_a_refusal_nothing_goes_for_an_interval() {
        let (bucket, now) = (Bucket::default(), Instant::now());
        bucket.empty(now);
        assert_eq!(bucket.book(now, now + FOREVER), Ok(now + INTERVAL));
    }
}
