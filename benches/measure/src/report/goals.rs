//! Which goals are reached, and why others are not.

use std::fmt::Write as _;

use crate::contestants::BEAM;
use crate::goal::{Goal, Judgment, Level};
use crate::goals::GOALS;
use crate::orders::{Order, orders};
use crate::reasons::Reasons;
use crate::results::Results;
use crate::stat::short;

const ABOUT: &str = "
## Goals

They were set before there was anything to measure. A ratio is ours over theirs, of the medians of this run: below 1 we
are quicker in what takes time, above 1 in calls per second. *Void* are goals against a peer that was slower than another
peer which has more to do: such a peer is written badly or had bad luck, and proves nothing (see the last table).

| | what | level | goal | ours | theirs | ratio | |
|---|---|---|---|---|---|---|---|
";

const ABOUT_BOUND: &str = "
FLAME on BEAM did not take part. Goals against it count as reached where they are reached against the bare nodes that it
builds upon, which have less to do; elsewhere they are not judged.
";

/// What has become of one goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Reached,
    Missed,
    Void,
    NotMeasured,
}

impl Outcome {
    fn of(goal: &Goal, judgment: Option<&Judgment>, orders: &[Order]) -> Self {
        let makes_void = |order: &Order| order.is_void() && goal.is_against(order.peer, order.key);
        match judgment {
            None => Self::NotMeasured,
            Some(_) if orders.iter().any(makes_void) => Self::Void,
            Some(judgment) if judgment.is_met => Self::Reached,
            Some(_) => Self::Missed,
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Missed => "**not reached**",
            Self::Void => "void",
            Self::NotMeasured => "not measured",
        }
    }
}

/// The table of them, how many are reached, and why others are not.
pub(super) fn write(text: &mut String, results: &Results, reasons: &Reasons) {
    if GOALS.iter().all(|goal| goal.judge(results).is_none()) {
        return;
    }
    let orders = orders(results);
    text.push_str(ABOUT);
    let mut outcomes = Vec::new();
    for goal in GOALS {
        let judgment = goal.judge(results);
        let outcome = Outcome::of(goal, judgment.as_ref(), &orders);
        row(text, goal, judgment.as_ref(), outcome);
        outcomes.push((goal, outcome));
    }
    if !results.has(BEAM) {
        text.push_str(ABOUT_BOUND);
    }
    for level in [Level::Must, Level::Ambitious] {
        let of_level = outcomes.iter().filter(|(goal, _)| goal.level == level);
        let count = |wanted| of_level.clone().filter(|(_, it)| *it == wanted).count();
        let _ = writeln!(
            text,
            "\n**{}**: {} reached, {} not reached, {} void, {} not measured.",
            named(level),
            count(Outcome::Reached),
            count(Outcome::Missed),
            count(Outcome::Void),
            count(Outcome::NotMeasured)
        );
    }
    let missed = outcomes.iter().filter(|(_, it)| *it == Outcome::Missed);
    let missed: Vec<&Goal> = missed.map(|(goal, _)| *goal).collect();
    why_not(text, &missed, reasons);
}

fn row(text: &mut String, goal: &Goal, judgment: Option<&Judgment>, outcome: Outcome) {
    let (letter, what, level) = (goal.row(), goal.what(), named(goal.level));
    let (mut ours, mut theirs, mut ratio) = (String::new(), String::new(), String::new());
    if let Some(judgment) = judgment {
        ours = format!("{} {}", short(judgment.ours), goal.unit());
        if let Some((other, number)) = judgment.theirs {
            theirs = short(number);
            if !goal.names(other) {
                let _ = write!(theirs, " ({other})");
            }
            ratio = short(judgment.ours / number);
        }
    }
    let _ = writeln!(
        text,
        "| {letter} | {what} | {level} | {goal} | {} | {theirs} | {ratio} | {} |",
        ours.trim_end(),
        outcome.said()
    );
}

fn named(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Ambitious => "ambitious",
    }
}

/// The reasons are somebody's; where nobody has given one, that is said.
fn why_not(text: &mut String, missed: &[&Goal], reasons: &Reasons) {
    if missed.is_empty() {
        return;
    }
    text.push_str("\n### Not reached, and why\n\nFrom `benches/why-not.txt`, by hand.\n\n");
    for goal in missed {
        let why = match reasons.why(goal) {
            "" => "nobody has said yet.",
            why => why,
        };
        let _ = writeln!(text, "* {}, {} ({goal}): {why}", goal.row(), goal.what());
    }
}
