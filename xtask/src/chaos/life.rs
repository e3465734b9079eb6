use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use flame_oracle::{Ending, Journal, Tally, judge};
use rustix::process::Signal;
use tempfile::TempDir;

use super::nemesis::Nemesis;
use super::scenario::{End, Scenario};
use crate::e2e::program::Program;

/// How long the processes of a parent may take to end when it was killed: what they are promised is about three
/// seconds, of which most is the patience with detached work, and the host may be busy.
const GONE_WITHIN: Duration = Duration::from_secs(10);
/// How many broken promises are shown.
const SHOWN: usize = 5;

/// One life of a parent.
pub(super) struct Life<'a> {
    scenario: &'a Scenario,
    seed: u64,
    folder: TempDir,
    arguments: Vec<String>,
}

impl<'a> Life<'a> {
    pub(super) fn new(scenario: &'a Scenario, seed: u64) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("tmp"))?;
        Ok(Self {
            scenario,
            seed,
            folder,
            arguments: scenario.arguments(seed),
        })
    }

    /// Lives it, and says what happened in it. What it wrote stays if a promise is broken.
    pub(super) fn live(self, parent: &Path) -> anyhow::Result<String> {
        match self.be_lived(parent) {
            Ok(report) => Ok(report),
            Err(error) => {
                let plan = self.arguments.join(" ");
                let kept = self.folder.keep();
                Err(error).with_context(|| format!("in {}, of\n  chaos {plan}\n", kept.display()))
            }
        }
    }

    fn be_lived(&self, parent: &Path) -> anyhow::Result<String> {
        let journal = Journal::at(self.folder.path().join("journal"));
        let mut nemesis = Nemesis::new(
            self.scenario.dice(!self.seed),
            self.scenario.blows,
            journal.clone(),
        );
        let mut command = Command::new(parent);
        command
            .arg(self.folder.path())
            .args(&self.arguments)
            .env("TMPDIR", self.folder.path().join("tmp"));
        let mut program = Program::start(command)?;
        program.wait_for_line("started")?;
        let ending = match self.scenario.end {
            End::Calm => {
                nemesis.torment(&program, has_resolved)?;
                program.close_stdin();
                program.end()?.succeeded()?;
                Ending::InOrder
            }
            End::Killed => {
                nemesis.torment(&program, self.moment(journal.clone()))?;
                nemesis.let_bury(&program)?;
                program.kill_parent()?;
                program.wait_until_gone(GONE_WITHIN, &[])?;
                Ending::Killed
            }
            End::Terminated => {
                nemesis.torment(&program, self.moment(journal.clone()))?;
                let all = program.processes();
                let parent = all.iter().find(|process| process.pid == program.pid());
                parent.context("it is gone already")?.signal(Signal::TERM);
                program.wait_for_line("resolved")?;
                program.close_stdin();
                program.end()?.succeeded()?;
                Ending::InOrder
            }
        };
        let tally = judged(&journal, ending)?;
        Ok(format!("{tally}; {nemesis}"))
    }

    /// The moment at which a parent comes to its end: some time after its first call.
    fn moment(&self, journal: Journal) -> impl FnMut(&Program) -> anyhow::Result<bool> {
        let after = self.scenario.dice(!self.seed).millis(300, 2_500);
        let mut at = None;
        move |program| {
            if at.is_none() && !journal.lines()?.is_empty() {
                at = Some(Instant::now() + after);
            }
            let is_there = at.is_some_and(|at| Instant::now() >= at);
            Ok(is_there || has_resolved(program)?)
        }
    }
}

/// Whether every caller was told something.
fn has_resolved(program: &Program) -> anyhow::Result<bool> {
    program.is_running()?;
    Ok(program
        .read("stdout")
        .lines()
        .any(|line| line == "resolved"))
}

fn judged(journal: &Journal, ending: Ending) -> anyhow::Result<Tally> {
    let lines = journal.lines()?;
    let verdict = judge(lines.iter().map(String::as_str), ending);
    let lies = verdict.lies.iter().take(SHOWN);
    let shown: Vec<String> = lies.map(ToString::to_string).collect();
    ensure!(
        verdict.lies.is_empty(),
        "{} promises are broken: {}\n{}",
        verdict.lies.len(),
        verdict.tally,
        shown.join("\n")
    );
    Ok(verdict.tally)
}
