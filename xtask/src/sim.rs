//! Lives pools through seeded faults.

use anyhow::bail;

/// What to simulate.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Runs the simulation.
pub(crate) fn run(_args: Args) -> anyhow::Result<()> {
    bail!("not yet")
}
