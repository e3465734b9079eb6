//! Torments real parents and runners, and makes sure that every promise about calls is kept all the same.
//!
//! A *life* is one process of `xtask/fixtures/chaos`, which makes calls, and all runners that it boots. What its
//! limits are, what each call does, and what is done to it in which order follows from a scenario and a seed. *When*
//! all that happens does not: that is up to the host, so a seed repeats the plan and not the life.
//!
//! After the torment the [oracle](flame_oracle) reads what tasks and callers wrote down; the parent counts its calls,
//! lets as many calls as there are slots come together, and looks whether it holds what it held before; and no
//! process and no zombie may be left.

mod life;
mod nemesis;
mod scenario;
mod zombies;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::run::{self, say};
use life::Life;
use scenario::{SCENARIOS, Scenario};

/// What to live through.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What the lives follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Goes on for so long, with one seed after the other. Once through all scenarios unless given.
    #[arg(long)]
    minutes: Option<u64>,
    /// Lives through the scenarios whose names contain this; may be given several times.
    #[arg(long, value_name = "PART OF A NAME")]
    only: Vec<String>,
    /// Names the scenarios, and lives through none.
    #[arg(long)]
    list: bool,
}

/// Lives through the scenarios, all of them even if one fails.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let scenarios: Vec<&Scenario> = SCENARIOS
        .iter()
        .filter(|scenario| {
            args.only.is_empty() || args.only.iter().any(|part| scenario.name.contains(part))
        })
        .collect();
    ensure!(
        !scenarios.is_empty(),
        "there is no such scenario; see `cargo xtask chaos --list`"
    );
    if args.list {
        for Scenario { name, what, .. } in scenarios {
            say(&format!("{name:<18} {what}"));
        }
        return Ok(());
    }
    ensure!(
        cfg!(target_os = "linux"),
        "this looks for processes in /proc, which only Linux has"
    );
    say(&format!("seed {}", args.seed));
    let parent = build()?;
    let until = args
        .minutes
        .map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let (mut lives, mut failures) = (0, Vec::new());
    for seed in args.seed.. {
        for scenario in &scenarios {
            lives += 1;
            if !live(&parent, scenario, seed) {
                failures.push(format!("{} of seed {seed}", scenario.name));
            }
        }
        if until.is_none_or(|until| Instant::now() >= until) {
            break;
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    bail!(
        "{} of {lives} lives failed: {}",
        failures.len(),
        failures.join(", ")
    )
}

fn live(parent: &Path, scenario: &Scenario, seed: u64) -> bool {
    let started_at = Instant::now();
    let outcome = Life::new(scenario, seed).and_then(|life| life.live(parent));
    let seconds = started_at.elapsed().as_secs_f64();
    let name = scenario.name;
    match &outcome {
        Ok(report) => say(&format!("{seconds:>7.1} s  {name:<18} {report}")),
        Err(error) => say(&format!(
            "{seconds:>7.1} s  {name:<18} FAILED, with seed {seed}: {}\nAgain: cargo xtask chaos --seed {seed} \
             --only {name}",
            shortened(&format!("{error:#}"))
        )),
    }
    outcome.is_ok()
}

/// The first and the last lines: those who were tormented may have much to say.
fn shortened(text: &str) -> String {
    const KEPT: usize = 40;
    let lines: Vec<&str> = text.lines().collect();
    match lines.len().checked_sub(2 * KEPT) {
        None | Some(0) => text.to_owned(),
        Some(left_out) => format!(
            "{}\n[{left_out} lines]\n{}",
            lines[..KEPT].join("\n"),
            lines[KEPT + left_out..].join("\n")
        ),
    }
}

/// The program that is tormented.
fn build() -> anyhow::Result<PathBuf> {
    // This program is `<target>/<profile>/xtask`.
    let this = std::env::current_exe()?;
    let target = this
        .ancestors()
        .nth(2)
        .context("cargo did not build this")?;
    let mut build = run::cargo("build --quiet -p chaos --target-dir");
    build.arg(target);
    run::quietly(&mut build)?;
    Ok(target.join("debug/chaos"))
}
