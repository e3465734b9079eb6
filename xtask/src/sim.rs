//! Lives pools through seeded faults, and shows that broken pools do not survive it.

mod bugs;
mod trial;

use anyhow::Context as _;

use crate::run::{cargo, program, say, sh};
use trial::Trial;

/// What to simulate.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many lives, beginning with seed 0.
    #[arg(long, default_value_t = 20_000)]
    seeds: u64,
    /// Lives this seed alone, and shows all that happens in it.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Plants known bugs in copies of the crate, one at a time; each must be caught.
    #[arg(long, conflicts_with = "seed")]
    bugs: bool,
    /// Plants only the bugs whose names contain this.
    #[arg(long, requires = "bugs")]
    only: Option<String>,
}

/// Runs the simulation.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let Args {
        seeds,
        seed,
        bugs,
        only,
    } = args;
    say(&format!("commit {}", commit()?));
    if *bugs {
        let trial = Trial::prepare()?;
        let all = [
            bugs::BUGS,
            bugs::SUBTLE_BUGS,
            bugs::BOOT_BUGS,
            bugs::OWNER_BUGS,
            bugs::RETRY_BUGS,
            bugs::CHILD_BUGS,
            bugs::PIN_BUGS,
            bugs::RUNNER_BUGS,
            bugs::IDLE_BUGS,
        ];
        let only = only.as_deref().unwrap_or_default();
        let chosen = all.into_iter().flatten();
        let chosen: Vec<_> = chosen.filter(|bug| bug.name.contains(only)).collect();
        trial.plant_all(&chosen)?;
        return Ok(());
    }
    let mut test =
        cargo("test --quiet --release -p flame-core --test it -- --nocapture sim::every");
    match seed {
        Some(seed) => test.env("FLAME_SIM_SEED", seed.to_string()),
        None => test.env("FLAME_SIM_SEEDS", seeds.to_string()),
    };
    sh(&mut test)
}

fn commit() -> anyhow::Result<String> {
    let git = program("git", ["describe", "--always", "--dirty", "--abbrev=12"]).output();
    let output = git.context("`git` does not start")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
