use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

/// Remembers since when something has looked as if nobody wanted it.
pub(super) struct Sightings {
    /// How long it must have looked so.
    apart: Duration,
    since: BTreeMap<String, Instant>,
}

impl Sightings {
    pub(super) fn new(apart: Duration) -> Self {
        Self {
            apart,
            since: BTreeMap::new(),
        }
    }

    /// These look so now. The answer is those that have looked so for long enough. The others are forgotten.
    pub(super) fn see<'a>(
        &mut self,
        now: Instant,
        ids: impl Iterator<Item = &'a str>,
    ) -> BTreeSet<String> {
        let since = ids.map(|id| {
            let since = self.since.get(id).copied().unwrap_or(now);
            (id.to_owned(), since)
        });
        self.since = since.collect();
        let again = self
            .since
            .iter()
            .filter(|(_, since)| now.duration_since(**since) >= self.apart);
        again.map(|(id, _)| id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // C31
    #[test]
    fn what_is_seen_once_or_not_every_time_is_not_seen_again() {
        let minute = Duration::from_secs(60);
        let mut sightings = Sightings::new(minute);
        let start = Instant::now();
        let mut see = |after: Duration, ids: &[&str]| {
            let again = sightings.see(start + after, ids.iter().copied());
            again.into_iter().collect::<Vec<_>>()
        };
        assert!(see(Duration::ZERO, &["a", "b"]).is_empty());
        assert!(see(minute / 2, &["a"]).is_empty());
        // `b` was wanted in between.
        assert_eq!(see(minute, &["a", "b"]), ["a"]);
        assert_eq!(see(minute * 2, &["a", "b"]), ["a", "b"]);
    }
}
