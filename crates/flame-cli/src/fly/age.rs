use std::time::{Duration, SystemTime};

/// How long ago an instant was that Fly told of; `None` if it is none.
pub(super) fn age(since: &str) -> Option<String> {
    let since = humantime::parse_rfc3339(since).ok()?;
    // By clocks that differ it may be in the future.
    let age = SystemTime::now().duration_since(since);
    Some(shown(age.unwrap_or_default()))
}

/// In one unit, of which there are at least two.
fn shown(age: Duration) -> String {
    let seconds = age.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match seconds {
        _ if days >= 2 => format!("{days}d"),
        _ if hours >= 2 => format!("{hours}h"),
        _ if minutes >= 2 => format!("{minutes}m"),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_one_unit() {
        let shown = |seconds| shown(Duration::from_secs(seconds));
        assert_eq!([shown(0), shown(119)], ["0s", "119s"]);
        assert_eq!([shown(120), shown(7199)], ["2m", "119m"]);
        assert_eq!([shown(7200), shown(172_799)], ["2h", "47h"]);
        assert_eq!(shown(172_800), "2d");
    }

    #[test]
    fn what_is_in_the_future_is_new_and_what_is_no_instant_has_no_age() {
        assert_eq!(age("2999-01-02T03:04:05.123Z").as_deref(), Some("0s"));
        assert!(age("2026-01-02T03:04:05Z").is_some_and(|age| age.ends_with('d')));
        assert_eq!(age("yesterday"), None);
    }
}
