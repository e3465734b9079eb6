//! A value that stays on its runner.

use std::process::Command;

use anyhow::ensure;

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;
use crate::run::workspace_root;

pub(super) const CHECKS: &[Check] = &[Check {
    name: "text-index asks an index many times, and builds it again when it is lost",
    look: asks_and_builds_again,
}];

fn asks_and_builds_again(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut command = Command::new(stage.example("text-index")?);
    command.arg(workspace_root().join("proto"));
    command.args([
        "--find",
        "message Release {",
        "--find",
        "no such thing",
        "--crash",
    ]);
    let program = Program::run(command)?.succeeded()?;
    let said = |words: &str| program.stdout.matches(words).count();
    let found = "     1  \"message Release {\", first in flame/runner/v1/runner.proto:";
    ensure!(
        said(found) == 2 && said("     0  \"no such thing\"\n") == 2,
        "it does not find what is there, before and after the crash{}",
        program.said()
    );
    ensure!(
        said(" has indexed ") == 2 && said("the index is gone: ") == 1,
        "the index was not lost and built again{}",
        program.said()
    );
    ensure!(
        said("needs a value that was left on a runner: it is gone") == 1,
        "whoever asked what was lost was not told so{}",
        program.said()
    );
    let asked = program
        .stdout
        .lines()
        .find(|line| line.starts_with("asked "));
    Ok(Outcome::Passed(asked.unwrap_or_default().to_owned()))
}
