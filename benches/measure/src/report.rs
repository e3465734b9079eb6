use std::fmt::Write as _;

use crate::anchors::shapes;
use crate::contestants::{Contestant, OURS, OURS_BEFORE};
use crate::goals::{GOALS, Goal, Level};
use crate::host::Host;
use crate::orders::{Order, orders};
use crate::plots::FILES;
use crate::reasons::Reasons;
use crate::results::Results;
use crate::stat::short;
use crate::tables::{TABLES, Table};

/// What is written at the top, before the machine.
const ABOUT: &str = "# Benchmarks

Written by `cargo xtask bench`. Numbers are medians of the rounds, with the least and the greatest behind them. They
depend on the machine and on what else it does; the goals are ratios within one run, and those count. Every number of
ours is of calls with a deadline, cancellation, a guard against panics, and counters; the peers have none of that.

";

/// All of it, as a document.
pub(crate) fn write(
    results: &Results,
    contestants: &[Contestant],
    host: &Host,
    reasons: &Reasons,
) -> String {
    let mut text = String::from(ABOUT);
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in &host.lines {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    goals(&mut text, results, reasons);
    gain(&mut text, results);
    for table in TABLES {
        numbers(&mut text, table, results, contestants);
    }
    tuning(&mut text, results);
    peers(&mut text, results);
    let failures: Vec<&str> = results.failures().collect();
    if !failures.is_empty() {
        let _ = writeln!(text, "\n## What failed\n\n* {}", failures.join("\n* "));
    }
    text.push_str("\n## Plots\n\n");
    for (file, title) in FILES {
        let _ = writeln!(text, "![{title}](benches/plots/{file})");
    }
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

fn goals(text: &mut String, results: &Results, reasons: &Reasons) {
    let orders = orders(results);
    text.push_str(
        "\n## Goals\n\n*Measured* is a ratio where there is an x, and else the figure itself.\n\n\
         | | goal | level | measured | | why not |\n|---|---|---|---|---|---|\n",
    );
    let mut met = [(0, 0); 2];
    for goal in GOALS {
        let level = match goal.level {
            Level::Must => "must",
            Level::Ambitious => "ambitious",
        };
        let row = goal.row();
        let Some(judgment) = goal.judge(results) else {
            let _ = writeln!(text, "| {row} | {goal} | {level} | | not measured | |");
            continue;
        };
        let is_void = orders.iter().any(|order| makes_void(order, goal));
        let outcome = match (is_void, judgment.is_met) {
            (true, _) => "void: see the peers",
            (false, true) => "reached",
            (false, false) => "**not reached**",
        };
        if !is_void {
            let count = &mut met[usize::from(goal.level == Level::Ambitious)];
            count.0 += usize::from(judgment.is_met);
            count.1 += 1;
        }
        let why = if judgment.is_met {
            ""
        } else {
            reasons.why(goal)
        };
        let measured = judgment.measured;
        let _ = writeln!(
            text,
            "| {row} | {goal} | {level} | {measured} | {outcome} | {why} |"
        );
    }
    let [must, ambitious] = met;
    let _ = writeln!(
        text,
        "\n{} of {} that must be are reached, and {} of {} ambitious ones.",
        must.0, must.1, ambitious.0, ambitious.1
    );
}

/// A goal against a peer is void if that peer was not what it should be.
fn makes_void(order: &Order, goal: &Goal) -> bool {
    order.is_void() && goal.is_against(order.peer, order.key)
}

/// Ours beside ours as it was, in the same run.
fn gain(text: &mut String, results: &Results) {
    let mut rows = String::new();
    for table in TABLES {
        for (key, _) in table.columns {
            let (before, now) = (results.stat(OURS_BEFORE, key), results.stat(OURS, key));
            let Some((before, now)) = before.zip(now) else {
                continue;
            };
            let ratio = short(now.median / before.median);
            let _ = writeln!(rows, "| `{key}` | {before} | {now} | {ratio} x |");
        }
    }
    if rows.is_empty() {
        return;
    }
    text.push_str(
        "\n## Before and now\n\nBoth in this run, in turn. Rates are better when they grow, everything else when it \
         shrinks.\n\n| | before | now | |\n|---|---|---|---|\n",
    );
    text.push_str(&rows);
}

/// What the chapter *Tuning* of the guide is about.
fn tuning(text: &mut String, results: &Results) {
    let rows: Vec<String> = results
        .keys("T/")
        .filter_map(|key| Some(format!("| `{key}` | {} |\n", results.stat(OURS, key)?)))
        .collect();
    if rows.is_empty() {
        return;
    }
    text.push_str("\n## Tuning\n\n| | |\n|---|---|\n");
    text.push_str(&rows.concat());
}

fn peers(text: &mut String, results: &Results) {
    let orders = orders(results);
    if orders.is_empty() {
        return;
    }
    text.push_str(
        "\n## Whether the peers are what they should be\n\nEach beside the one that has more to do for the same, in \
         this run. Where it is slower than that one, it is written badly,\nor the machine was busy while it ran, and \
         goals against it are void.\n\n| peer | in | times as quick as | | |\n|---|---|---|---|---|\n",
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
