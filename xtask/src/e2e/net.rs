//! Parents and runners in network namespaces of their own, as if on different hosts: `xtask/fixtures/apart` says what
//! happens to the links between them.
//!
//! Each case has its own namespaces, and most of its time is spent waiting, so all of them run at once.

pub(crate) mod namespaces;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};

use super::program::Program;
use crate::run::{self, say};
use namespaces::{Namespaces, Unavailable};

/// Set by whoever wants a failure where these checks cannot run, instead of a line that says so.
const REQUIRED: &str = "FLAME_NET";
/// How long a peer may be silent, in milliseconds.
const BOUND: u64 = 2_000;
/// The cases of the fixture: what is promised, its name there, and the peer-loss bound.
const CASES: &[(&str, &str, u64)] = &[
    (
        "a long cut towards the runner",
        "long-cut-to-runners",
        BOUND,
    ),
    ("a long cut towards the parent", "long-cut-to-parent", BOUND),
    ("a long cut both ways", "long-cut-both-ways", BOUND),
    ("a cut of the own link is suspected", "own-link", BOUND),
    // TCP waits twice as long each time: this bound leaves a busy host most of a second between that and half of it.
    ("short cuts cost nothing", "short-cuts", 4_000),
    ("a longer bound counts everywhere", "patient-cut", BOUND),
    // A queue of nearly half a second, full for half a minute.
    ("a slow link is not a loss", "slow-link", 5_000),
    ("a thawed runner ends itself", "thaw", BOUND),
    ("wall clocks decide nothing", "wall-clocks", BOUND),
    ("what comes late", "delays", BOUND),
    ("what comes in pieces", "drips", BOUND),
    ("connections that are reset", "resets", BOUND),
    ("bits that are turned over", "flips", BOUND),
];

/// Runs the cases whose descriptions or names contain one of these, or all.
pub(super) fn run(only: &[String], list: bool) -> anyhow::Result<()> {
    let cases: Vec<_> = CASES
        .iter()
        .filter(|(what, name, _)| {
            only.is_empty()
                || only
                    .iter()
                    .any(|part| what.contains(part.as_str()) || name.contains(part.as_str()))
        })
        .collect();
    ensure!(
        !cases.is_empty(),
        "there is no such check; see `cargo xtask e2e --net --list`"
    );
    if list {
        for (what, name, _) in cases {
            say(&format!("{name:<20} {what}"));
        }
        return Ok(());
    }
    if let Err(Unavailable(why)) = Namespaces::are_available() {
        ensure!(
            std::env::var_os(REQUIRED).is_none(),
            "there are no network namespaces here: {why}"
        );
        say(&format!(
            "SKIPPED: there are no network namespaces here: {why}"
        ));
        return Ok(());
    }
    let parent = build()?;
    let clock = build_clock(&parent)?;
    let failed = thread::scope(|scope| {
        let running: Vec<_> = cases
            .iter()
            .map(|case| scope.spawn(|| live(&parent, &clock, case)))
            .collect();
        let ended = running.into_iter().map(|case| case.join().unwrap_or(false));
        ended.filter(|passed| !passed).count()
    });
    if failed == 0 {
        return Ok(());
    }
    bail!("{failed} of {} checks failed", cases.len())
}

/// Whether it went as promised; says so, too.
fn live(parent: &Path, clock: &Path, (what, name, bound): &(&str, &str, u64)) -> bool {
    let started_at = Instant::now();
    let seen = be_lived(parent, clock, name, *bound);
    let seconds = started_at.elapsed().as_secs_f64();
    match &seen {
        Ok(seen) => say(&format!("{seconds:>7.1} s  {what}: passed ({seen})")),
        Err(error) => say(&format!(
            "{seconds:>7.1} s  {what}: FAILED: {error:#}\nAgain: cargo xtask e2e --net --only {name}"
        )),
    }
    seen.is_ok()
}

fn be_lived(parent: &Path, clock: &Path, name: &str, bound: u64) -> anyhow::Result<String> {
    let namespaces = Namespaces::new(2)?;
    let folder = tempfile::tempdir()?;
    let mut command = namespaces.command(parent);
    command
        .arg(name)
        .args(["--here", namespaces.here()])
        .args(namespaces.there().flat_map(|host| ["--there", host]))
        .arg("--folder")
        .arg(folder.path())
        .arg("--bound")
        .arg(bound.to_string());
    if name == "wall-clocks" {
        command
            .env("LD_PRELOAD", clock)
            .env("FLAME_E2E_CLOCK", folder.path().join("clock"));
    }
    let ended = Program::run(command)?.succeeded()?;
    Ok(ended.stdout.trim().to_owned())
}

/// The program that is the parent.
pub(crate) fn build() -> anyhow::Result<PathBuf> {
    // This program is `<target>/<profile>/xtask`.
    let this = std::env::current_exe()?;
    let target = this
        .ancestors()
        .nth(2)
        .context("cargo did not build this")?;
    let mut build = run::cargo("build --quiet -p apart --target-dir");
    build.arg(target);
    run::quietly(&mut build)?;
    Ok(target.join("debug/apart"))
}

/// The library that makes wall clocks wrong, by the compiler that links every Rust program.
fn build_clock(parent: &Path) -> anyhow::Result<PathBuf> {
    let library = parent.with_file_name("libwrong_clock.so");
    let source = run::workspace_root().join("xtask/fixtures/wrong_clock.c");
    run::quietly(
        Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .arg(source),
    )?;
    Ok(library)
}
