//! Every gate, fastest first. The first failure does not hide the others: all run, and a list ends the run.

mod step;

use std::time::Instant;

use anyhow::{bail, ensure};

use crate::run::say;
use step::{Outcome, STEPS, Step};

/// Which gates to run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Leaves a step out; may be given several times.
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// Runs this step only; may be given several times.
    #[arg(long, value_name = "STEP", conflicts_with = "skip")]
    only: Vec<String>,
    /// Names the steps, and runs none.
    #[arg(long)]
    list: bool,
}

/// Runs the gates.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    for name in args.skip.iter().chain(&args.only) {
        ensure!(
            STEPS.iter().any(|step| step.name == *name),
            "there is no step `{name}`; see `cargo xtask ci --list`"
        );
    }
    let wanted = |step: &&Step| {
        let named = |names: &[String]| names.iter().any(|name| name == step.name);
        if args.only.is_empty() {
            !named(&args.skip)
        } else {
            named(&args.only)
        }
    };
    let steps: Vec<&Step> = STEPS.iter().filter(wanted).collect();
    if args.list {
        for step in steps {
            say(&format!("{:<10} {}", step.name, step.what));
        }
        return Ok(());
    }
    run_all(&steps)
}

fn run_all(steps: &[&Step]) -> anyhow::Result<()> {
    let mut report = Vec::new();
    let mut failed = Vec::new();
    for step in steps {
        say(&format!("\n== {}: {}", step.name, step.what));
        let started_at = Instant::now();
        let outcome = step.run();
        let seconds = started_at.elapsed().as_secs_f64();
        let line = format!("{:<10} {seconds:>7.1} s  {outcome}", step.name);
        say(&format!("== {line}"));
        report.push(line);
        if let Outcome::Failed(_) = outcome {
            failed.push(step.name);
        }
    }
    say("\nThe gate:");
    for line in report {
        say(&format!("  {line}"));
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!(
        "{} of {} steps failed: {}",
        failed.len(),
        steps.len(),
        failed.join(", ")
    )
}
