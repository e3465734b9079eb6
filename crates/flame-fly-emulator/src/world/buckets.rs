use std::collections::BTreeMap;

use tokio::time::Instant;

use crate::route::Route;

/// How often a machine may be asked for in a second, and how often at once.
const GET: (f64, f64) = (5.0, 10.0);
/// The same of everything else.
const OTHER: (f64, f64) = (1.0, 3.0);

/// Limits rates, of each action on each thing that it is about.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    buckets: BTreeMap<(Route, String), Bucket>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Buckets {
    /// Whether one more is not too many.
    pub(crate) fn take(&mut self, route: Route, about: &str) -> bool {
        let (rate, burst) = if route == Route::Get { GET } else { OTHER };
        let now = Instant::now();
        let bucket = self.buckets.entry((route, about.to_owned()));
        let bucket = bucket.or_insert(Bucket {
            left: burst,
            at: now,
        });
        let passed = now.duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + passed * rate).min(burst);
        bucket.at = now;
        if bucket.left < 1.0 {
            return false;
        }
        bucket.left -= 1.0;
        true
    }
}
