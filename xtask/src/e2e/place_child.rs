//! A service with a state that lives on a runner.

use std::process::Command;

use anyhow::{Context as _, ensure};

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;

pub(super) const CHECKS: &[Check] = &[Check {
    name: "place-child keeps its index on a runner, through idle time, until it is stopped",
    look: keeps_its_index,
}];

fn keeps_its_index(stage: &Stage) -> anyhow::Result<Outcome> {
    let texts = tempfile::tempdir()?;
    for (name, text) in [
        ("sea.md", "the sea and the wind"),
        ("hill.md", "wind on the hill"),
        ("house.txt", "the wind in a house"),
    ] {
        std::fs::write(texts.path().join(name), text)?;
    }
    let mut command = Command::new(stage.example("place-child")?);
    command.arg(texts.path()).arg("sea");
    let run = Program::run(command)?.succeeded()?;
    let process = |before: &str| -> anyhow::Result<u32> {
        let (_, rest) = run
            .stdout
            .split_once(before)
            .context("it names no process")?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Ok(digits.parse()?)
    };
    let (there, here) = (process("lives in process ")?, process("this is process ")?);
    ensure!(there != here, "it lives in the parent{}", run.said());
    ensure!(here == run.pid, "it is another process{}", run.said());
    for line in [
        "2 documents read",
        "sea.md",
        "it has ended, with 2 documents, 6 different words and 1 question answered",
    ] {
        ensure!(
            run.stdout.contains(line),
            "{line:?} is missing{}",
            run.said()
        );
    }
    ensure!(
        !run.stdout.contains("hill.md"),
        "too much is found{}",
        run.said()
    );
    Ok(Outcome::Passed(format!(
        "process {here} asked process {there}"
    )))
}
