//! Drives the examples as real processes.

use anyhow::bail;

/// Which examples to drive.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Runs them.
pub(crate) fn run(_args: Args) -> anyhow::Result<()> {
    bail!("not yet")
}
