//! A parent that is kept busy for long, by all kinds of calls and faults: does it grow, and does every call come to
//! exactly one end?
//!
//! The parent is that of `cargo xtask e2e --net`. It looks at itself every ten seconds; what it saw is judged here,
//! and drawn.

mod plot;
mod sample;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::e2e::net::build;
use crate::e2e::net::namespaces::{Namespaces, Unavailable};
use crate::e2e::program::Program;
use crate::run::{self, say};
use sample::Sample;

/// How long a peer may be silent, in milliseconds.
const BOUND: u64 = 2_000;
/// How long the parent may take besides, to begin and to come to its end.
const PATIENCE: Duration = Duration::from_secs(120);
/// How much the memory of the parent may grow in the second half, in kilobytes, and as a part of what it was.
const GROWTH: (f64, f64) = (3_000.0, 0.05);
/// How many descriptors and threads more there may be in the end: it is a matter of how many runners there are.
const MORE: f64 = 4.0;

/// How long to go on.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Goes on for so long.
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// Where the plot is written to.
    #[arg(long, default_value = "target/soak.svg")]
    plot: PathBuf,
}

/// Keeps the parent busy, and judges it.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if let Err(Unavailable(why)) = Namespaces::are_available() {
        say(&format!(
            "SKIPPED: there are no network namespaces here: {why}"
        ));
        return Ok(());
    }
    let parent = build()?;
    let samples = samples(&parent, Duration::from_secs(60 * args.minutes))?;
    let last = samples.last().context("it took no sample")?;
    let plot = run::workspace_root().join(&args.plot);
    if let Some(folder) = plot.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&plot, plot::draw(&samples))?;
    for line in sample::summary(&samples) {
        say(&line);
    }
    say(&format!(
        "{} calls in {} s, each with one end: {} ok, {} with an error, {} left by their callers; drawn in {}",
        last.asked,
        last.second,
        last.ok,
        last.other,
        last.left,
        plot.display()
    ));
    does_not_grow(&samples)
}

fn samples(parent: &Path, lasts: Duration) -> anyhow::Result<Vec<Sample>> {
    let namespaces = Namespaces::new(2)?;
    let folder = tempfile::tempdir()?;
    let temporary = folder.path().join("tmp");
    fs::create_dir(&temporary)?;
    let mut command = namespaces.command(parent);
    command
        .arg("soak")
        .args(["--here", namespaces.here()])
        .args(namespaces.there().flat_map(|host| ["--there", host]))
        .arg("--folder")
        .arg(folder.path())
        .args(["--bound", &BOUND.to_string()])
        .args(["--seconds", &lasts.as_secs().to_string()])
        .env("TMPDIR", temporary);
    let mut program = Program::start(command)?;
    program.close_stdin();
    let ended = program.end_within(lasts + PATIENCE)?.succeeded()?;
    ended
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("sample "))
        .map(Sample::read)
        .collect()
}

/// What the parent holds at the end is what it held half way, when everything had happened many times.
fn does_not_grow(samples: &[Sample]) -> anyhow::Result<()> {
    let later = &samples[samples.len() / 2..];
    ensure!(
        later.len() >= 4,
        "{} samples are too few to judge by",
        samples.len()
    );
    let (before, after) = later.split_at(later.len() / 2);
    let of = |samples: &[Sample], what: fn(&Sample) -> u64| sample::median(samples, what);
    let (was, is) = (
        of(before, |now| now.kilobytes),
        of(after, |now| now.kilobytes),
    );
    ensure!(
        is <= was + GROWTH.0.max(was * GROWTH.1),
        "its memory grows: from {was} to {is} KB"
    );
    for (name, what) in sample::COUNTS {
        let (was, is) = (of(before, *what), of(after, *what));
        ensure!(
            is <= was + MORE,
            "it has ever more {name}: {was}, then {is}"
        );
    }
    Ok(())
}
