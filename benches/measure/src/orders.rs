//! Whether the peers are what they should be. A peer that is written badly makes us look good, so each has to be at
//! least as quick as the one that has more to do for the same, over the same kind of socket, in the same run.

use crate::contestants::{
    FRAMED_TCP, FRAMED_UNIX, PING_TCP, PING_UNIX, STREAM_TCP, STREAM_UNIX, UNARY_TCP, UNARY_UNIX,
};
use crate::results::Results;

/// What a machine that does something else may add.
const SLACK: f64 = 1.15;

/// Who has less to do than whom.
const LESS: [(&str, &str); 6] = [
    (PING_UNIX, FRAMED_UNIX),
    (PING_TCP, FRAMED_TCP),
    (FRAMED_UNIX, STREAM_UNIX),
    (FRAMED_TCP, STREAM_TCP),
    (STREAM_UNIX, UNARY_UNIX),
    (STREAM_TCP, UNARY_TCP),
];

/// In what. Payloads are left out between the stream and unary: neither has less to do there.
const KEYS: [&str; 9] = [
    "A/p50_us",
    "B/8/calls_per_s",
    "B/64/calls_per_s",
    "B/256/calls_per_s",
    "C/1MiB/ms",
    "C/16MiB/ms",
    "C/64MiB/ms",
    "E/p50_ms",
    "G/ms",
];

/// One peer beside the one that has more to do.
#[derive(Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) peer: &'static str,
    pub(crate) than: &'static str,
    pub(crate) key: &'static str,
    /// How many times quicker the peer was.
    pub(crate) quicker: f64,
}

impl Order {
    /// The peer did worse than one that has more to do: it is written badly, or the machine was busy.
    pub(crate) fn is_void(&self) -> bool {
        self.quicker * SLACK < 1.0
    }
}

/// All that were measured.
pub(crate) fn orders(results: &Results) -> Vec<Order> {
    let mut orders = Vec::new();
    for (peer, than) in LESS {
        for key in KEYS {
            let is_unary = [UNARY_UNIX, UNARY_TCP].contains(&than);
            if is_unary && key.starts_with("C/") {
                continue;
            }
            let both = results.median(peer, key).zip(results.median(than, key));
            let Some((ours, theirs)) = both else {
                continue;
            };
            let is_rate = key.ends_with("_per_s");
            let quicker = if is_rate {
                ours / theirs
            } else {
                theirs / ours
            };
            orders.push(Order {
                peer,
                than,
                key,
                quicker,
            });
        }
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;

    fn results(framed: f64, stream: f64, key: &str) -> Results {
        let mut results = Results::default();
        for (name, value) in [(FRAMED_UNIX, framed), (STREAM_UNIX, stream)] {
            let key = key.to_owned();
            results.add(name, vec![Number { key, value }]);
        }
        results
    }

    fn is_void(framed: f64, stream: f64, key: &str) -> bool {
        let orders = orders(&results(framed, stream, key));
        assert_eq!(orders.len(), 1);
        orders[0].is_void()
    }

    #[test]
    fn frames_of_ones_own_that_are_slower_than_grpc_are_void() {
        assert!(is_void(60.0, 50.0, "A/p50_us"));
        assert!(is_void(95e3, 400e3, "B/64/calls_per_s"));
    }

    #[test]
    fn a_little_is_the_machine() {
        assert!(!is_void(55.0, 50.0, "A/p50_us"));
        assert!(!is_void(400e3, 95e3, "B/64/calls_per_s"));
    }

    #[test]
    fn what_was_not_measured_has_no_order() {
        assert_eq!(orders(&Results::default()), []);
    }
}
