//! Builds the programs of `benches/`, a workspace of its own, and has them measure.

mod before;

use std::path::PathBuf;
use std::process::Command;

use crate::run;

/// What to measure. `cargo xtask bench -- --help` tells what else there is.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Counts instructions and compares them with the committed counts; nothing else is measured.
    #[arg(long, conflicts_with = "rebase")]
    check: bool,
    /// Counts instructions and commits to them: writes `benches/instructions/baseline.txt`.
    #[arg(long)]
    rebase: bool,
    /// Measures ours as it was at this commit and as it is, in turn, and nobody else; tells the gain, and writes it to
    /// `benches/gain.md`, which the next whole report contains.
    #[arg(long, value_name = "COMMIT", conflicts_with_all = ["check", "rebase"])]
    against: Option<String>,
    /// What is measured, and how often: `--quick`, `--only A,B`, `--rounds 5`, `--with ray`,
    /// `--with nodes`.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "MORE"
    )]
    more: Vec<String>,
}

/// Builds, and measures or counts.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if args.check || args.rebase {
        build("--package instructions")?;
        let mut count = Command::new(built("instructions"));
        count.arg("check");
        if args.rebase {
            count.arg("--write");
        }
        return run::sh(&mut count);
    }
    let before = match &args.against {
        Some(commit) => Some(before::build(commit, &target())?),
        None => None,
    };
    build("--workspace")?;
    let mut measure = Command::new(built("measure"));
    measure
        .args(&args.more)
        .arg("--workspace")
        .arg(run::workspace_root());
    if let Some(before) = before {
        measure.arg("--before").arg(before);
    }
    run::sh(&mut measure)
}

/// Beside what this workspace builds, so that nothing builds the other's again.
fn target() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| "target".into());
    run::workspace_root().join(target).join("benches")
}

fn built(program: &str) -> PathBuf {
    target().join("release").join(program)
}

fn build(what: &str) -> anyhow::Result<()> {
    let manifest = "--manifest-path benches/Cargo.toml";
    let mut build = run::cargo(&format!(
        "build --quiet --release --locked {manifest} {what}"
    ));
    build.env("CARGO_TARGET_DIR", target());
    run::sh(&mut build)
}
