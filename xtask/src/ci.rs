//! Placeholder of the first hour.

/// Nothing yet.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Nothing yet.
pub(crate) fn run(_args: &Args) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
