use std::time::{Duration, SystemTime};

/// What the clock on the wall shows, since the Unix epoch. It jumps; it is for people, and nothing is decided by it.
pub(super) fn now() -> Duration {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since_epoch.unwrap_or_default()
}
