/// What the number under a key is, and its unit, for people.
pub(crate) fn said(key: &str) -> (String, &'static str) {
    let parts: Vec<&str> = key.split('/').collect();
    let fixed = |what: &str, unit| (what.to_owned(), unit);
    match parts[..] {
        ["A", "p50_us"] => fixed("a warm call, p50", "µs"),
        ["A", "p99_us"] => fixed("a warm call, p99", "µs"),
        ["A", "cpu_us"] => fixed("a warm call, CPU", "µs"),
        ["B", callers, "calls_per_s"] => (callers_of(callers), "calls/s"),
        ["B", callers, "p50_us"] => (format!("{}, p50", callers_of(callers)), "µs"),
        ["B", callers, "p99_us"] => (format!("{}, p99", callers_of(callers)), "µs"),
        ["B", callers, "cpu_us"] => (format!("{}, CPU a call", callers_of(callers)), "µs"),
        ["C", size, "ms"] => (format!("an echo of {}", spaced(size)), "ms"),
        ["C", size, "mb_per_s"] => (format!("echoes of {}", spaced(size)), "MB/s"),
        ["C'", "p50_us"] => fixed("a small call beside 64 MiB, p50", "µs"),
        ["C'", "p99_us"] => fixed("a small call beside 64 MiB, p99", "µs"),
        ["C'", "max_us"] => fixed("a small call beside 64 MiB, longest", "µs"),
        ["C'", "large_per_s"] => fixed("the echoes of 64 MiB themselves", "a second"),
        ["D", "p50_ms"] => fixed("the first result, p50", "ms"),
        ["D", "max_ms"] => fixed("the first result, longest", "ms"),
        ["D", "touched", "p50_ms"] => fixed("the first result, parent of 1 GiB, p50", "ms"),
        ["D", "touched", "adds_ms"] => {
            fixed("what a parent of 1 GiB adds to the first result", "ms")
        }
        ["TLS", "handshakes_ms"] => fixed("what TLS adds to the first result", "ms"),
        ["E", "p50_ms"] => fixed("from none to eight, p50", "ms"),
        ["E", "max_ms"] => fixed("from none to eight, longest", "ms"),
        ["F", process, "rss_mib"] => (format!("an idle {process}"), "MiB"),
        ["F", process, "private_mib"] => (format!("an idle {process}, private"), "MiB"),
        ["F", process, "kept_mib"] => (format!("what a {process} keeps of 64 MiB"), "MiB"),
        ["G", "ms"] => fixed("10,000 calls, four at a time", "ms"),
        ["G", "descriptors"] => fixed("descriptors for 10,000 calls", ""),
        ["H", runners, waiting, "ns"] => (sizes_of(runners, waiting), "ns"),
        ["H", runners, waiting, "instructions"] => (sizes_of(runners, waiting), "instructions"),
        ["I", "runners", "kib_each"] => fixed("memory of each of 500 runners", "KiB"),
        ["I", callers, "bytes_each"] => (format!("memory of each of {callers} callers"), "bytes"),
        ["I", callers, "queue_us_each"] => (format!("to queue each of {callers}"), "µs"),
        ["I", callers, "serve_us_each"] => (format!("to serve each of {callers}"), "µs"),
        _ => (format!("`{key}`"), ""),
    }
}

fn callers_of(count: &str) -> String {
    match count {
        "1" => "1 caller".to_owned(),
        _ => format!("{count} callers"),
    }
}

fn sizes_of(runners: &str, waiting: &str) -> String {
    let runners = match runners {
        "1" => "1 runner".to_owned(),
        _ => format!("{runners} runners"),
    };
    match waiting {
        "0" => format!("checkout and checkin, {runners}"),
        _ => format!("checkout and checkin, {runners}, {waiting} waiting"),
    }
}

/// `64MiB` as `64 MiB`.
fn spaced(size: &str) -> String {
    let at = size.find(|it: char| !it.is_ascii_digit());
    let (count, unit) = size.split_at(at.unwrap_or(size.len()));
    format!("{count} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goals::GOALS;
    use crate::tables::TABLES;
    use works::size_name;

    #[test]
    fn no_key_stands_in_the_report_without_words() {
        let columns = TABLES.iter().flat_map(|table| table.columns);
        let keys = columns.map(|(key, _)| *key);
        let goals = GOALS.iter().flat_map(|goal| goal.keys());
        for key in keys.chain(goals) {
            assert!(!said(key).0.contains('`'), "{key}");
        }
    }

    #[test]
    fn sizes_are_read_apart_from_their_unit() {
        let (what, unit) = said(&format!("C/{}/ms", size_name(1 << 20)));
        assert_eq!((what.as_str(), unit), ("an echo of 1 MiB", "ms"));
    }
}
