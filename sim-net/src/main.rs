//! Lives one life of a parent and its runners on a simulated network, and judges it.
//!
//! `flame-sim-net SEED` prints what happened and ends with success if every promise was kept. One process lives
//! one life: what the system would answer at random is a function of the seed, too, and can be set up once.

mod book;
mod cord;
mod dice;
mod gate;
mod life;
mod parent;
mod plan;
mod provider;
mod trace;
mod wires;
mod work;

use std::process::ExitCode;

use anyhow::Context as _;
use rand::SeedableRng;
use rand::rngs::StdRng;

#[expect(
    clippy::print_stdout,
    reason = "the story of the life is what it is for"
)]
fn main() -> anyhow::Result<ExitCode> {
    let seed = std::env::args().nth(1).context("which seed?")?;
    let seed = seed.parse().context("a seed is a number")?;
    // Before anything makes a table or a runtime: both ask for random numbers.
    mad_turmoil::rand::set_rng(StdRng::seed_from_u64(seed));
    let plan = plan::Plan::new(seed);
    println!("{plan:#?}");
    let lived = life::live(&plan);
    for line in trace::take() {
        println!("{line}");
    }
    match lived {
        Ok(summary) => {
            println!("seed {seed}: every promise kept: {summary}");
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            println!("seed {seed}: broken promise: {broken:#}");
            Ok(ExitCode::FAILURE)
        }
    }
}
