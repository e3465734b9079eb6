//! What the best known programs of the peers' kinds reached on another machine, beside the limit of their run. A hint
//! that a peer here may be written badly; it proves nothing, for no two machines treat both alike.

use crate::contestants::{
    FRAMED_TCP, PING_TCP, PING_UNIX, PROCSPAWN, STREAM_TCP, STREAM_UNIX, UNARY_TCP, UNARY_UNIX,
};
use crate::results::Results;

/// Below this share of its known ratio, a peer is worth a look.
const ENOUGH: f64 = 0.8;

/// What a peer and the limit did side by side when they were measured for the goals.
struct Anchor {
    peer: &'static str,
    key: &'static str,
    value: f64,
    limit: &'static str,
    limit_key: &'static str,
    limit_value: f64,
}

const fn anchor(
    (peer, key, value): (&'static str, &'static str, f64),
    (limit, limit_key, limit_value): (&'static str, &'static str, f64),
) -> Anchor {
    Anchor {
        peer,
        key,
        value,
        limit,
        limit_key,
        limit_value,
    }
}

/// The limits, as they were.
const TCP: (&str, &str, f64) = (PING_TCP, "A/p50_us", 16.0);
const UNIX: (&str, &str, f64) = (PING_UNIX, "A/p50_us", 11.0);
const TCP_1: (&str, &str, f64) = (PING_TCP, "C/1MiB/ms", 1.1);
const TCP_16: (&str, &str, f64) = (PING_TCP, "C/16MiB/ms", 16.0);
const TCP_64: (&str, &str, f64) = (PING_TCP, "C/64MiB/ms", 43.0);
const UNIX_1: (&str, &str, f64) = (PING_UNIX, "C/1MiB/ms", 0.36);
const UNIX_64: (&str, &str, f64) = (PING_UNIX, "C/64MiB/ms", 39.0);
const SPAWN: (&str, &str, f64) = (PING_UNIX, "D/p50_ms", 1.0);

const ANCHORS: &[Anchor] = &[
    anchor((FRAMED_TCP, "A/p50_us", 31.0), TCP),
    anchor((FRAMED_TCP, "B/8/calls_per_s", 192e3), TCP),
    anchor((FRAMED_TCP, "B/64/calls_per_s", 962e3), TCP),
    anchor((FRAMED_TCP, "B/256/calls_per_s", 1.71e6), TCP),
    anchor((FRAMED_TCP, "C/1MiB/ms", 0.74), TCP_1),
    anchor((FRAMED_TCP, "C/16MiB/ms", 8.8), TCP_16),
    anchor((FRAMED_TCP, "C/64MiB/ms", 77.0), TCP_64),
    anchor((FRAMED_TCP, "D/p50_ms", 1.5), SPAWN),
    anchor((FRAMED_TCP, "G/ms", 88.0), TCP),
    anchor((STREAM_TCP, "A/p50_us", 53.0), TCP),
    anchor((STREAM_TCP, "B/8/calls_per_s", 90e3), TCP),
    anchor((STREAM_TCP, "B/64/calls_per_s", 570e3), TCP),
    anchor((STREAM_TCP, "B/256/calls_per_s", 1.09e6), TCP),
    anchor((STREAM_TCP, "C/1MiB/ms", 2.7), TCP_1),
    anchor((STREAM_TCP, "C/16MiB/ms", 35.0), TCP_16),
    anchor((STREAM_TCP, "C/64MiB/ms", 137.0), TCP_64),
    anchor((STREAM_TCP, "G/ms", 175.0), TCP),
    anchor((STREAM_UNIX, "A/p50_us", 48.0), UNIX),
    anchor((UNARY_TCP, "A/p50_us", 116.0), TCP),
    anchor((UNARY_TCP, "B/8/calls_per_s", 28e3), TCP),
    anchor((UNARY_TCP, "B/64/calls_per_s", 53e3), TCP),
    anchor((UNARY_TCP, "B/256/calls_per_s", 60e3), TCP),
    anchor((UNARY_TCP, "C/1MiB/ms", 1.3), TCP_1),
    anchor((UNARY_TCP, "C/16MiB/ms", 32.0), TCP_16),
    anchor((UNARY_TCP, "C/64MiB/ms", 271.0), TCP_64),
    anchor((UNARY_TCP, "D/p50_ms", 1.8), SPAWN),
    anchor((UNARY_TCP, "G/ms", 628.0), TCP),
    anchor((UNARY_UNIX, "A/p50_us", 74.0), UNIX),
    anchor((PROCSPAWN, "A/p50_us", 49.0), UNIX),
    anchor((PROCSPAWN, "B/64/calls_per_s", 24e3), UNIX),
    anchor((PROCSPAWN, "C/1MiB/ms", 2.2), UNIX_1),
    anchor((PROCSPAWN, "C/64MiB/ms", 286.0), UNIX_64),
    anchor((PROCSPAWN, "D/p50_ms", 1.4), SPAWN),
    anchor((PROCSPAWN, "G/ms", 616.0), UNIX),
];

/// How near a peer has come to what it can do.
#[derive(Debug, PartialEq)]
pub(crate) struct Shape {
    pub(crate) peer: &'static str,
    pub(crate) key: &'static str,
    /// The share of its known ratio to the limit.
    pub(crate) share: f64,
}

impl Shape {
    /// Whether it is worth a look.
    pub(crate) fn is_far(&self) -> bool {
        self.share < ENOUGH
    }
}

/// How near each peer has come, as far as it and its limit were measured.
pub(crate) fn shapes(results: &Results) -> Vec<Shape> {
    let shape = |anchor: &Anchor| {
        let measured = results.median(anchor.peer, anchor.key)?;
        let limit = results.median(anchor.limit, anchor.limit_key)?;
        let is_rate = anchor.key.ends_with("_per_s");
        // The longer a call takes, the further it is from the limit; the more calls, the nearer.
        let nearness = |value: f64, limit: f64| {
            if is_rate {
                value * limit
            } else {
                limit / value
            }
        };
        let share = nearness(measured, limit) / nearness(anchor.value, anchor.limit_value);
        Some(Shape {
            peer: anchor.peer,
            key: anchor.key,
            share,
        })
    };
    ANCHORS.iter().filter_map(shape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;

    fn results(limit: f64, latency: f64, rate: f64) -> Results {
        let number = |key: &str, value| Number {
            key: key.to_owned(),
            value,
        };
        let mut results = Results::default();
        results.add(PING_TCP, vec![number("A/p50_us", limit)]);
        let peer = vec![
            number("A/p50_us", latency),
            number("B/64/calls_per_s", rate),
        ];
        results.add(FRAMED_TCP, peer);
        results
    }

    #[test]
    fn on_a_machine_of_half_the_speed_everybody_may_take_twice_the_time() {
        let shapes = shapes(&results(32.0, 62.0, 481e3));
        assert!(
            shapes.iter().all(|shape| (shape.share - 1.0).abs() < 1e-9),
            "{shapes:?}"
        );
    }

    #[test]
    fn a_peer_that_is_slower_than_the_machine_explains_is_far() {
        let shapes = shapes(&results(16.0, 40.0, 700e3));
        assert!(shapes.iter().all(Shape::is_far), "{shapes:?}");
    }
}
