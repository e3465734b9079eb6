//! Drives the examples, and an app that is not part of this workspace, as real processes.
//!
//! Every process of a check inherits a variable by which it is found, however it was started and whatever
//! became of its parent: see [`Program`](program::Program). So each check can say that nobody is left.

mod builds;
mod check;
mod custom_backend;
mod deeds;
pub(crate) mod ended;
mod fly;
mod hello;
mod http;
pub(crate) mod net;
mod outside;
mod place_child;
pub(crate) mod process;
pub(crate) mod program;
mod prometheus;
mod readme;
mod stage;
mod tests;
mod text_index;
mod thumbnails;
mod web_service;

use std::time::Instant;

use anyhow::{bail, ensure};

use crate::run::say;
use check::{Check, Outcome};
use stage::Stage;

/// Which checks to run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Runs the checks whose names contain this; may be given several times.
    #[arg(long, value_name = "PART OF A NAME")]
    only: Vec<String>,
    /// Runs the checks with runners of this kind alone.
    #[arg(long, value_enum)]
    backend: Option<Backend>,
    /// Leaves out the optimized builds, which take minutes.
    #[arg(long)]
    quick: bool,
    /// Lets clients that others have written read the emulator, too. They take `npm` and OpenSSL's headers, which
    /// nothing else here does.
    #[arg(long)]
    clients: bool,
    /// Runs those checks alone whose runners are in network namespaces of their own, which takes a superuser.
    #[arg(long)]
    net: bool,
    /// Names the checks, and runs none.
    #[arg(long)]
    list: bool,
}

/// What runners are.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Backend {
    /// Processes of this host.
    ChildProcess,
    /// Machines of an emulator of Fly's API.
    Fly,
}

/// Runs the checks, all of them even if one fails.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if args.net {
        return net::run(&args.only, args.list);
    }
    let on_this_host = [
        hello::CHECKS,
        place_child::CHECKS,
        text_index::CHECKS,
        custom_backend::CHECKS,
        thumbnails::CHECKS,
        prometheus::CHECKS,
        web_service::CHECKS,
        deeds::CHECKS,
        builds::DEBUG,
        tests::CHECKS,
        readme::CHECKS,
        if args.quick { &[] } else { builds::OPTIMIZED },
    ];
    let on_this_host: &[&[Check]] = match args.backend {
        Some(Backend::Fly) => &[],
        Some(Backend::ChildProcess) | None => &on_this_host,
    };
    let on_fly: &[&[Check]] = match args.backend {
        Some(Backend::ChildProcess) => &[],
        Some(Backend::Fly) | None if args.clients => &[fly::CHECKS, fly::CLIENTS],
        Some(Backend::Fly) | None => &[fly::CHECKS],
    };
    let checks: Vec<&Check> = [on_this_host, on_fly]
        .into_iter()
        .flatten()
        .copied()
        .flatten()
        .filter(|check| {
            args.only.is_empty() || args.only.iter().any(|part| check.name.contains(part))
        })
        .collect();
    ensure!(
        !checks.is_empty(),
        "there is no such check; see `cargo xtask e2e --list`"
    );
    if args.list {
        for check in checks {
            say(check.name);
        }
        return Ok(());
    }
    ensure!(
        cfg!(target_os = "linux"),
        "these checks look for processes in /proc, which only Linux has"
    );
    run_all(&checks)
}

fn run_all(checks: &[&Check]) -> anyhow::Result<()> {
    let stage = Stage::new()?;
    let mut failed = 0;
    for check in checks {
        let started_at = Instant::now();
        let outcome = check.run(&stage);
        let seconds = started_at.elapsed().as_secs_f64();
        if let Outcome::Failed(_) = outcome {
            failed += 1;
        }
        say(&format!("{seconds:>7.1} s  {}: {outcome}", check.name));
    }
    if failed == 0 {
        return Ok(());
    }
    bail!("{failed} of {} checks failed", checks.len())
}
