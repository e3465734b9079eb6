//! The README, as a stranger tries it: its blocks of code in an empty crate that is not part of this workspace.

mod blocks;
mod krate;

use std::process::Command;

use anyhow::{Context as _, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;
use crate::run;
use blocks::{Block, blocks, masked};
use krate::Krate;

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "every block of the README compiles in an empty crate",
        look: every_block_compiles,
    },
    Check {
        name: "the first program of the README prints what the README says",
        look: the_first_program_prints_as_said,
    },
    Check {
        name: "a runner that is killed gives the error that the README prints",
        look: a_killed_runner_gives_the_printed_error,
    },
];

/// What the second program says before the number of the process that is to be killed.
const KILL: &str = "this is the runner: kill -9 ";

fn readme() -> anyhow::Result<Vec<Block>> {
    let text = std::fs::read_to_string(run::workspace_root().join("README.md"))?;
    Ok(blocks(&text))
}

fn every_block_compiles(stage: &Stage) -> anyhow::Result<Outcome> {
    let blocks = readme()?;
    let krate = Krate::lay_out(stage, &blocks)?;
    krate.build(&["--bins"])?;
    Ok(Outcome::Passed(format!("{} blocks", krate.programs())))
}

fn the_first_program_prints_as_said(stage: &Stage) -> anyhow::Result<Outcome> {
    let (program, expected) = program_and_output(stage, "src/main.rs")?;
    let ended = Program::run(program)?.succeeded()?;
    ensure!(
        masked(&ended.stdout) == masked(&expected),
        "the README says something else:\n{expected}{}",
        ended.said()
    );
    let last = ended.stdout.trim_end().rsplit(' ').next();
    ensure!(
        last == Some(&ended.pid.to_string()),
        "it does not know its own number{}",
        ended.said()
    );
    Ok(Outcome::Passed(String::new()))
}

fn a_killed_runner_gives_the_printed_error(stage: &Stage) -> anyhow::Result<Outcome> {
    let (program, expected) = program_and_output(stage, "src/bin/lost.rs")?;
    let mut program = Program::start(program)?;
    program.close_stdin();
    let line = program.wait_for_line(KILL)?;
    let runner = line.trim_start_matches(KILL).trim().parse::<i32>()?;
    ensure!(
        program
            .processes()
            .iter()
            .any(|process| i64::from(process.pid) == i64::from(runner)),
        "process {runner} is none of its processes"
    );
    kill_process(
        Pid::from_raw(runner).context("no number of a process")?,
        Signal::KILL,
    )?;
    let ended = program.end()?.succeeded()?;
    ensure!(
        masked(&ended.stdout) == masked(&expected),
        "the README says something else:\n{expected}{}",
        ended.said()
    );
    Ok(Outcome::Passed(format!("process {runner} was killed")))
}

/// A complete program of the README, and the output that stands below it.
fn program_and_output(stage: &Stage, file: &str) -> anyhow::Result<(Command, String)> {
    let blocks = readme()?;
    let position = blocks.iter().position(|block| block.file() == Some(file));
    let position = position.with_context(|| format!("the README has no {file}"))?;
    let output = blocks
        .get(position + 1)
        .filter(|block| block.language == "text");
    let output = output.with_context(|| format!("no output stands below {file}"))?;
    let krate = Krate::lay_out(stage, &blocks)?;
    let name = krate::bin(file);
    krate.build(&["--bin", name])?;
    Ok((Command::new(krate.program(name)), output.text.clone()))
}
