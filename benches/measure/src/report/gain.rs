//! Ours beside ours as it was, in the same run.

use std::fmt::Write as _;

use crate::contestants::{Contestant, OURS, OURS_BEFORE};
use crate::host::Host;
use crate::results::Results;
use crate::stat::short;
use crate::tables::TABLES;
use crate::words::said;

/// A section, from its heading on; nothing if the two were not measured side by side.
pub(crate) fn write(results: &Results, contestants: &[Contestant], host: &Host) -> Option<String> {
    let before = contestants.iter().find(|it| it.name == OURS_BEFORE)?;
    let commit = before.version.as_deref().unwrap_or("?");
    let mut text = format!(
        "## Before and after\n\nWritten by `cargo xtask bench --against {commit}`: the library as it was at that commit \
         and as it is, both built and measured in one run, in turn, by the same program. *Gain* is how many times \
         better it has become: the time, the processor time or the memory before over that after, or the other way round \
         for rates; below 1 it has become worse. \n\n| | |\n|---|---|\n"
    );
    for (name, value) in &host.lines {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    text.push_str("\n| | what | unit | before | after | gain |\n|---|---|---|---|---|---|\n");
    for key in TABLES.iter().flat_map(|table| table.keys()) {
        let (before, after) = (results.stat(OURS_BEFORE, key), results.stat(OURS, key));
        let Some((before, after)) = before.zip(after) else {
            continue;
        };
        let is_rate = key.ends_with("_per_s");
        let gain = match is_rate {
            true => after.median / before.median,
            false => before.median / after.median,
        };
        let gain = if gain.is_finite() {
            short(gain)
        } else {
            String::new()
        };
        let letter = key.split_once('/').map_or(key, |(letter, _)| letter);
        let (what, unit) = said(key);
        let _ = writeln!(
            text,
            "| {letter} | {what} | {unit} | {before} | {after} | {gain} |"
        );
    }
    Some(text.replace(". \n", ".\n"))
}
