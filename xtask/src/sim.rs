//! Lives pools through seeded faults, and shows that broken pools do not survive it.

mod bugs;
mod net;
mod trial;

use anyhow::Context as _;

use crate::run::{cargo, program, say, sh};
use trial::Trial;

/// Lives of pools, unless it is said how many.
const SEEDS: u64 = 20_000;

/// What to simulate.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many lives, beginning with seed 0. [default: 20000, and 60 with `--net`]
    #[arg(long)]
    seeds: Option<u64>,
    /// Lives this seed alone, and shows all that happens in it.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Plants known bugs in copies of the crate, one at a time; each must be caught.
    #[arg(long, conflicts_with = "seed")]
    bugs: bool,
    /// Plants only the bugs whose names contain this.
    #[arg(long, requires = "bugs")]
    only: Option<String>,
    /// Lives parents and runners with their sessions, TLS and HTTP/2 on a simulated network, each life twice.
    #[arg(long)]
    net: bool,
}

/// Runs the simulation.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let Args {
        seeds,
        seed,
        bugs,
        only,
        net,
    } = args;
    say(&format!("commit {}", commit()?));
    if *net {
        return match bugs {
            true => net::plant_all(only.as_deref().unwrap_or_default()),
            false => net::live(*seeds, *seed),
        };
    }
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
        None => test.env("FLAME_SIM_SEEDS", seeds.unwrap_or(SEEDS).to_string()),
    };
    sh(&mut test)
}

fn commit() -> anyhow::Result<String> {
    let git = program("git", ["describe", "--always", "--dirty", "--abbrev=12"]).output();
    let output = git.context("`git` does not start")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
