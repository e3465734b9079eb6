//! The smallest program.

use std::process::Command;

use anyhow::{bail, ensure};

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;

pub(super) const CHECKS: &[Check] = &[Check {
    name: "hello runs its block in another process",
    look: runs_elsewhere,
}];

fn runs_elsewhere(stage: &Stage) -> anyhow::Result<Outcome> {
    let hello = Program::run(Command::new(stage.example("hello")?))?.succeeded()?;
    ensure!(
        hello.stdout.starts_with("hello world, the sum is 10\n"),
        "the result is another one{}",
        hello.said()
    );
    let numbers = hello.stdout.split(|c: char| !c.is_ascii_digit());
    let pids: Vec<u32> = numbers
        .filter_map(|number| number.parse().ok())
        .skip(1)
        .collect();
    let [there, here] = pids[..] else {
        bail!("no two process ids{}", hello.said());
    };
    ensure!(
        here == hello.pid,
        "it does not know its own pid {}{}",
        hello.pid,
        hello.said()
    );
    ensure!(there != here, "the block ran in the parent{}", hello.said());
    Ok(Outcome::Passed(format!(
        "process {here} called process {there}"
    )))
}
