use std::fmt::Write as _;

use crate::anchors::{Shape, shapes};
use crate::contestants::Contestant;
use crate::goals::{GOALS, Goal, Level};
use crate::host::Host;
use crate::results::Results;

/// One table of numbers.
struct Table {
    title: &'static str,
    /// What is measured, for people.
    text: &'static str,
    /// The columns: a key and what stands above it.
    columns: &'static [(&'static str, &'static str)],
}

const TABLES: &[Table] = &[
    Table {
        title: "A: warm calls",
        text: "`u64 -> u64`, one after the other. Processor time is that of both processes.",
        columns: &[
            ("A/p50_us", "p50 µs"),
            ("A/p99_us", "p99 µs"),
            ("A/cpu_us", "CPU µs"),
        ],
    },
    Table {
        title: "B: many callers",
        text: "The same from many callers at once, on one runner.",
        columns: &[
            ("B/1/calls_per_s", "1: calls/s"),
            ("B/8/calls_per_s", "8: calls/s"),
            ("B/64/calls_per_s", "64: calls/s"),
            ("B/64/p99_us", "64: p99 µs"),
            ("B/64/cpu_us", "64: CPU µs"),
            ("B/256/calls_per_s", "256: calls/s"),
        ],
    },
    Table {
        title: "C: large payloads",
        text: "Echoes, one after the other: milliseconds there and back.",
        columns: &[
            ("C/1KiB/ms", "1 KiB"),
            ("C/64KiB/ms", "64 KiB"),
            ("C/1MiB/ms", "1 MiB"),
            ("C/16MiB/ms", "16 MiB"),
            ("C/64MiB/ms", "64 MiB"),
        ],
    },
    Table {
        title: "C': small calls beside large ones",
        text: "Warm calls while an echo of 64 MiB is always under way on the same runner.",
        columns: &[
            ("C'/p50_us", "p50 µs"),
            ("C'/p99_us", "p99 µs"),
            ("C'/max_us", "max µs"),
            ("C'/large_per_s", "large/s"),
        ],
    },
    Table {
        title: "D: the first result",
        text: "From no runner to the first result, in milliseconds; for the ping-pong, from the start of a process to \
               its first word. *Touched* is from a parent that has touched 1 GiB.",
        columns: &[
            ("D/p50_ms", "p50 ms"),
            ("D/max_ms", "max ms"),
            ("D/touched/p50_ms", "touched: p50 ms"),
        ],
    },
    Table {
        title: "E: from none to eight",
        text: "Eight calls that wait for each other, so that each needs a runner of its own.",
        columns: &[("E/p50_ms", "p50 ms"), ("E/max_ms", "max ms")],
    },
    Table {
        title: "F: memory",
        text: "Mebibytes of an idle parent and an idle runner, and what each keeps after an echo of 64 MiB.",
        columns: &[
            ("F/parent/rss_mib", "parent"),
            ("F/parent/private_mib", "private"),
            ("F/parent/kept_mib", "keeps"),
            ("F/runner/rss_mib", "runner"),
            ("F/runner/private_mib", "private"),
            ("F/runner/kept_mib", "keeps"),
        ],
    },
    Table {
        title: "G: ten thousand at once",
        text: "10,000 calls on one runner, four of which may run at a time.",
        columns: &[("G/ms", "ms"), ("G/descriptors", "descriptors")],
    },
    Table {
        title: "H: the pool's state alone",
        text: "One checkout and one checkin, in nanoseconds, by runners and waiting callers.",
        columns: &[
            ("H/1/0/ns", "1, 0"),
            ("H/1/10000/ns", "1, 10,000"),
            ("H/100/0/ns", "100, 0"),
            ("H/100/10000/ns", "100, 10,000"),
            ("H/10000/0/ns", "10,000, 0"),
            ("H/10000/10000/ns", "10,000, 10,000"),
        ],
    },
    Table {
        title: "I: scale",
        text: "500 runners in one process, and callers that wait for them: memory for each, and the time to queue and \
               to serve each.",
        columns: &[
            ("I/runners/kib_each", "runner KiB"),
            ("I/10000/bytes_each", "10,000: bytes"),
            ("I/10000/queue_us_each", "queue µs"),
            ("I/10000/serve_us_each", "serve µs"),
            ("I/100000/bytes_each", "100,000: bytes"),
            ("I/100000/queue_us_each", "queue µs"),
            ("I/100000/serve_us_each", "serve µs"),
        ],
    },
];

/// All of it, as a document.
pub(crate) fn write(results: &Results, contestants: &[Contestant], host: &Host) -> String {
    let mut text = String::from(
        "# Benchmarks\n\nWritten by `cargo xtask bench`. Numbers are medians of the rounds, with the least and the \
         greatest behind them.\nThey depend on the machine and on what else it does; the goals are ratios within one \
         run, and those count. Every\nnumber of ours is of calls with a deadline, cancellation, a guard against \
         panics, and counters; peers have none of that.\n\n",
    );
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in &host.lines {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    goals(&mut text, results);
    for table in TABLES {
        numbers(&mut text, table, results, contestants);
    }
    peers(&mut text, results);
    let failures: Vec<&str> = results.failures().collect();
    if !failures.is_empty() {
        let _ = writeln!(text, "\n## What failed\n\n* {}", failures.join("\n* "));
    }
    text.push_str("\n![latency by callers](benches/plots/latency-by-callers.svg)\n");
    text.push_str("![throughput by callers](benches/plots/throughput-by-callers.svg)\n");
    text.push_str("![latency by payload](benches/plots/latency-by-payload.svg)\n");
    text.push_str("![throughput by payload](benches/plots/throughput-by-payload.svg)\n");
    text
}

fn numbers(text: &mut String, table: &Table, results: &Results, contestants: &[Contestant]) {
    let mut rows = String::new();
    for contestant in contestants {
        let stats = table
            .columns
            .iter()
            .map(|(key, _)| results.stat(contestant.name, key));
        let cells: Vec<String> = stats
            .map(|stat| stat.map_or_else(String::new, |stat| stat.to_string()))
            .collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            let _ = writeln!(rows, "| {} | {} |", contestant.name, cells.join(" | "));
        }
    }
    if rows.is_empty() {
        return;
    }
    let Table {
        title,
        text: about,
        columns,
    } = table;
    let names: Vec<&str> = columns.iter().map(|(_, name)| *name).collect();
    let rule = "---|".repeat(columns.len());
    let _ = writeln!(
        text,
        "\n## {title}\n\n{about}\n\n| | {} |\n|---|{rule}\n{rows}",
        names.join(" | ")
    );
    text.truncate(text.trim_end().len());
    text.push('\n');
}

fn goals(text: &mut String, results: &Results) {
    let shapes = shapes(results);
    text.push_str("\n## Goals\n\n| goal | level | measured | |\n|---|---|---|---|\n");
    let mut met = [(0, 0); 2];
    for goal in GOALS {
        let Some(judgment) = goal.judge(results) else {
            continue;
        };
        let level = match goal.level {
            Level::Must => "must",
            Level::Ambitious => "ambitious",
        };
        let is_void = shapes
            .iter()
            .any(|shape| shape.is_void() && is_about(shape, goal));
        let outcome = match (is_void, judgment.is_met) {
            (true, _) => "void: see the peers",
            (false, true) => "met",
            (false, false) => "**missed**",
        };
        if !is_void {
            let count = &mut met[usize::from(goal.level == Level::Ambitious)];
            count.0 += usize::from(judgment.is_met);
            count.1 += 1;
        }
        let _ = writeln!(
            text,
            "| {goal} | {level} | {} | {outcome} |",
            judgment.measured
        );
    }
    let [must, ambitious] = met;
    let _ = writeln!(
        text,
        "\n{} of {} that must be are met, and {} of {} ambitious ones.",
        must.0, must.1, ambitious.0, ambitious.1
    );
}

/// A goal against a peer is void if the peer is not what it should be, over either kind of socket.
fn is_about(shape: &Shape, goal: &Goal) -> bool {
    let kind = |name: &str| {
        name.rsplit_once(", ")
            .map_or(name.to_owned(), |it| it.0.to_owned())
    };
    let other = goal.other();
    other.is_some_and(|other| kind(other) == kind(shape.peer)) && goal.key() == shape.key
}

fn peers(text: &mut String, results: &Results) {
    let shapes = shapes(results);
    if shapes.is_empty() {
        return;
    }
    text.push_str(
        "\n## Whether the peers are what they should be\n\nThe ratio of each to the blocking ping-pong, as a share \
         of what it was when the goals were set. Below 80 % a\ncomparison is void: the peer is written badly, or the \
         machine was busy while it ran.\n\n| peer | in | share | |\n|---|---|---|---|\n",
    );
    for shape in &shapes {
        let outcome = if shape.is_void() { "**void**" } else { "" };
        let percent = shape.share * 100.0;
        let _ = writeln!(
            text,
            "| {} | `{}` | {percent:.0} % | {outcome} |",
            shape.peer, shape.key
        );
    }
}
