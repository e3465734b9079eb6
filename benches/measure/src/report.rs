use std::fmt::Write as _;

use crate::anchors::shapes;
use crate::contestants::Contestant;
use crate::host::Host;
use crate::orders::orders;
use crate::reasons::Reasons;
use crate::results::Results;
use crate::stat::short;
use crate::tables::{TABLES, Table};
use crate::who;

mod gain;
mod goals;
mod short;
mod tuning;

pub(crate) use gain::write as write_gain;

/// What is written at the top, before the machine.
const ABOUT: &str = "# Benchmarks

Written by `cargo xtask bench`, but for what people have found, which is in files of `benches/` that are named where they
stand. CONTRIBUTING.md tells how to run it.

* Everything ran on one machine. A runner is a process of its own on it, unless *in process* is said; its parent calls it.
* Each number is the median of the rounds, with the least and the greatest behind it. In a round every contestant does
  every work of its own once, each in new processes and in an order that is shuffled anew.
* Times are on the wall clock, as a caller sees them. Only what is named CPU is processor time: of both processes together,
  in user and kernel, for each call. p50 is the median of the calls, p99 what 99 of 100 do not exceed. k is thousand, M million.
* Figures depend on the machine and on what else it does. Ratios within one run are what to go by.
* Every call of ours has all that users get: a slot of a pool, a deadline, cancellation, a guard against panics, a task of
  its own, counters. Nothing is set but `max` and `max_concurrency`. Of this the peers have only the task (and procspawn a pool).

";

/// What people write beside the numbers, already read.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Why goals are missed.
    pub(crate) reasons: Reasons,
    /// What was found on the way, from its heading on.
    pub(crate) found: String,
    /// What the last run against an older commit has written, from its heading on.
    pub(crate) gain: String,
}

/// All of it, as a document.
pub(crate) fn write(
    results: &Results,
    contestants: &[Contestant],
    host: &Host,
    notes: &Notes,
) -> String {
    let mut text = String::from(ABOUT);
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in &host.lines {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    short::write(&mut text, results, contestants);
    who_is_who(&mut text, results, contestants);
    goals::write(&mut text, results, &notes.reasons);
    for table in TABLES {
        numbers(&mut text, table, results, contestants);
    }
    tuning::write(&mut text, results);
    for section in [&notes.gain, &notes.found] {
        if !section.trim().is_empty() {
            let _ = write!(text, "\n{}\n", section.trim());
        }
    }
    peers(&mut text, results);
    let failures: Vec<&str> = results.failures().collect();
    if !failures.is_empty() {
        let _ = writeln!(text, "\n## What failed\n\n* {}", failures.join("\n* "));
    }
    text
}

fn who_is_who(text: &mut String, results: &Results, contestants: &[Contestant]) {
    text.push_str("\n## Who takes part\n\n| | |\n|---|---|\n");
    for contestant in contestants {
        if results.has(contestant.name) {
            let (name, about) = (contestant.name, who::about(contestant.name));
            let version = contestant.version.as_deref().unwrap_or_default();
            let version = if version.is_empty() {
                String::new()
            } else {
                format!(" {version}.")
            };
            let _ = writeln!(text, "| {name} | {about}{version} |");
        }
    }
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
        plots,
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
    for (file, title) in *plots {
        let _ = writeln!(text, "\n![{title}](benches/plots/{file})");
    }
}

fn peers(text: &mut String, results: &Results) {
    let orders = orders(results);
    if orders.is_empty() {
        return;
    }
    text.push_str(
        "\n## Whether the peers are what they should be\n\nEach beside the one that has more to do for the same, in \
         this run. Where it is slower than that one by more than 15 %,\nit is written badly, or the machine was busy \
         while it ran, and goals against it are void.\n\n| peer | in | times as quick as | | |\n|---|---|---|---|---|\n",
    );
    for order in &orders {
        let outcome = if order.is_void() { "**void**" } else { "" };
        let quicker = short(order.quicker);
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {quicker} | {outcome} |",
            order.peer, order.key, order.than
        );
    }
    hints(text, results);
}

/// What another machine said, which proves nothing.
fn hints(text: &mut String, results: &Results) {
    let shapes = shapes(results);
    let far: Vec<String> = shapes
        .iter()
        .filter(|shape| shape.is_far())
        .map(|shape| {
            let percent = shape.share * 100.0;
            format!("* {}, `{}`: {percent:.0} %\n", shape.peer, shape.key)
        })
        .collect();
    if far.is_empty() {
        return;
    }
    text.push_str(
        "\nA hint, no more: on the machine where the goals were set, these were nearer to the blocking ping-pong of \
         their run. They\nreach this share of what they did there:\n\n",
    );
    text.push_str(&far.concat());
}
