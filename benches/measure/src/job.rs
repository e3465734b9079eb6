use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use clap::ValueEnum as _;
use works::Work;

use crate::contestants::Contestant;
use crate::number::Number;

/// One contestant at one work, in a process of its own.
pub(crate) struct Job<'a> {
    pub(crate) contestant: &'a Contestant,
    pub(crate) work: Work,
}

impl Job<'_> {
    /// Runs its program, and reads what it tells.
    pub(crate) fn run(&self, quick: bool) -> anyhow::Result<Vec<Number>> {
        let mut command = Command::new(&self.contestant.program);
        command.args(&self.contestant.arguments);
        let letter = self.work.to_possible_value();
        command
            .arg("--works")
            .args(letter.as_ref().map(|it| it.get_name()));
        if quick {
            let little = "--millis 200 --calls 500 --repeats 1";
            command.args(little.split(' '));
        }
        let output = command.stderr(Stdio::piped()).output();
        let output = output.with_context(|| format!("{} does not start", self.contestant.name))?;
        ensure!(
            output.status.success(),
            "{}: {}",
            output.status,
            last_line(&output.stderr)
        );
        let numbers = String::from_utf8(output.stdout)?;
        numbers.lines().map(Number::read).collect()
    }
}

fn last_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let said = text
        .lines()
        .find(|line| line.to_lowercase().contains("error"));
    said.or_else(|| text.lines().last())
        .unwrap_or_default()
        .to_owned()
}
