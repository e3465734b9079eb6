//! The time of day, as answers and events tell it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// The wall clock, read once and then driven by tokio's clock, so that it stands still where that does.
#[derive(Debug)]
pub(crate) struct Wall {
    began: Duration,
    began_at: Instant,
}

impl Wall {
    pub(crate) fn new() -> Self {
        Self {
            began: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
            began_at: Instant::now(),
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn millis(&self) -> u64 {
        let now = self.began + self.began_at.elapsed();
        u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
    }
}

/// Such an instant as RFC 3339 has it, in whole seconds.
pub(crate) fn rfc3339_seconds(millis: u64) -> String {
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_millis(millis)).to_string()
}

/// Such an instant as RFC 3339 has it, with its milliseconds.
pub(crate) fn rfc3339_millis(millis: u64) -> String {
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(millis)).to_string()
}

/// Milliseconds since 1970 of an instant in the form of RFC 3339.
pub(crate) fn parse_rfc3339(text: &str) -> Option<u64> {
    let instant = humantime::parse_rfc3339(text).ok()?;
    let since = instant.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}
