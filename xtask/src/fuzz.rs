//! Lets libFuzzer look for bytes that hurt. What `cargo test` repeats is the corpus, which this adds to.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

use crate::run::{self, say};

/// The folder that cargo-fuzz builds.
const DRIVER: &str = "fuzz/driver";

/// What to fuzz, and for how long.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// For how long in all, in minutes.
    #[arg(long, default_value_t = 7)]
    minutes: u64,
    /// Fuzzes this target only; may be given several times.
    #[arg(long, value_name = "TARGET")]
    only: Vec<String>,
}

/// Fuzzes one target after the other. The first input that hurts ends its target, and lands in the corpus.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    ensure!(
        run::is_installed("cargo-fuzz"),
        "cargo-fuzz is not installed: `cargo install cargo-fuzz --locked`"
    );
    let targets = targets()?;
    for name in &args.only {
        ensure!(
            targets.contains(name),
            "there is no target `{name}`; there are {targets:?}"
        );
    }
    let chosen = |target: &&String| args.only.is_empty() || args.only.contains(target);
    let chosen: Vec<_> = targets.iter().filter(chosen).collect();
    let seconds = args.minutes * 60 / chosen.len() as u64;
    let mut hurt = Vec::new();
    for &target in &chosen {
        say(&format!("\n== {target}: {seconds} s"));
        if run::sh(&mut fuzz(target, seconds)?).is_err() {
            hurt.push(target.as_str());
        }
    }
    if !hurt.is_empty() {
        bail!(
            "found something in {}: see `found-*` in fuzz/corpus, which `cargo test -p flame-fuzz` repeats",
            hurt.join(", ")
        );
    }
    Ok(())
}

/// Every target has a corpus.
fn targets() -> anyhow::Result<Vec<String>> {
    let folder = run::workspace_root().join("fuzz/corpus");
    let mut targets = Vec::new();
    for target in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        targets.push(target?.file_name().to_string_lossy().into_owned());
    }
    targets.sort();
    Ok(targets)
}

fn fuzz(target: &str, seconds: u64) -> anyhow::Result<Command> {
    let root = run::workspace_root();
    // What covers new code without hurting is of use to the next run, and to no reader.
    let known = root.join("target/fuzz").join(target);
    fs::create_dir_all(&known)?;
    let corpus = root.join("fuzz/corpus").join(target);
    let mut command = run::cargo(&format!(
        "fuzz run --fuzz-dir {DRIVER} --sanitizer none target"
    ));
    command
        .env("FLAME_FUZZ_TARGET", target)
        .args([&known, &corpus])
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/found-", corpus.display()))
        .args(["-max_len=4096", "-timeout=30", "-print_final_stats=1"]);
    Ok(command)
}
