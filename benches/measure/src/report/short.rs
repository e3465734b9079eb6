//! The numbers that most people look for, ours beside theirs.

use std::fmt::Write as _;

use crate::contestants::{
    BEAM, Contestant, FRAMED_UNIX, NODES, OURS, PROCSPAWN, RAY, STREAM_UNIX, UNARY_UNIX,
};
use crate::results::Results;
use crate::stat::short;
use crate::words::said;

/// One of each kind.
const SHOWN: [&str; 8] = [
    OURS,
    FRAMED_UNIX,
    STREAM_UNIX,
    UNARY_UNIX,
    PROCSPAWN,
    RAY,
    BEAM,
    NODES,
];

const KEYS: [&str; 10] = [
    "A/p50_us",
    "B/64/calls_per_s",
    "B/64/cpu_us",
    "C/1MiB/ms",
    "C/64MiB/ms",
    "C'/p99_us",
    "D/p50_ms",
    "E/p50_ms",
    "F/runner/private_mib",
    "G/ms",
];

/// A table of the medians; nothing if ours were not measured.
pub(super) fn write(text: &mut String, results: &Results, contestants: &[Contestant]) {
    if !results.has(OURS) {
        return;
    }
    let shown = |it: &&Contestant| SHOWN.contains(&it.name) && results.has(it.name);
    let names: Vec<&'static str> = contestants.iter().filter(shown).map(|it| it.name).collect();
    let _ = writeln!(
        text,
        "\n## In short\n\nMedians. Empty is what one cannot do or does not tell; the tables further down say more, and \
         *Who takes part* who is who.\n\n| | {} |\n|---|{}",
        names.join(" | "),
        "---|".repeat(names.len())
    );
    for key in KEYS {
        let medians: Vec<Option<f64>> = names.iter().map(|it| results.median(it, key)).collect();
        if medians.iter().all(Option::is_none) {
            continue;
        }
        let cells: Vec<String> = medians
            .iter()
            .map(|median| median.map_or_else(String::new, short))
            .collect();
        let (what, unit) = said(key);
        let _ = writeln!(text, "| {what}, {unit} | {} |", cells.join(" | "));
    }
}
