use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use flame_oracle::{Dice, Journal};
use rustix::process::Signal;

use super::scenario::LOSS_BOUND;
use super::zombies::Zombies;
use crate::e2e::process::Process;
use crate::e2e::program::Program;

/// How often to look whether it is over.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Something that is done to a process from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Blow {
    /// Kills a runner.
    Kill,
    /// Stops a runner for much less than the loss bound.
    FreezeShortly,
    /// Stops a runner for longer than the loss bound.
    FreezeLong,
    /// Stops all runners for longer than the loss bound.
    FreezeAll,
    /// Stops the parent for longer than the loss bound.
    FreezeParent,
}

/// Whoever deals the blows, in an order and with pauses that follow from a seed.
pub(super) struct Nemesis<'a> {
    dice: Dice,
    blows: &'a [Blow],
    journal: Journal,
    zombies: Zombies,
    dealt: BTreeMap<Blow, u32>,
    killed: Vec<u32>,
}

impl<'a> Nemesis<'a> {
    pub(super) fn new(dice: Dice, blows: &'a [Blow], journal: Journal) -> Self {
        Self {
            dice,
            blows,
            journal,
            zombies: Zombies::default(),
            dealt: BTreeMap::new(),
            killed: Vec::new(),
        }
    }

    /// Torments a program until it is over, and leaves nobody frozen.
    pub(super) fn torment(
        &mut self,
        program: &Program,
        mut is_over: impl FnMut(&Program) -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        loop {
            let next_at = Instant::now() + self.dice.millis(50, 400);
            while Instant::now() < next_at {
                if is_over(program)? {
                    return Ok(());
                }
                self.zombies.look(program)?;
                thread::sleep(LOOK_EVERY);
            }
            // Drawn even if there is nobody to hit, so that the next ones are the same.
            let blow = self.dice.pick(self.blows).copied();
            let victim = self.dice.count(0, 1_000);
            if let Some(blow) = blow {
                self.deal(program, blow, victim)?;
            }
        }
    }

    /// Waits until the parent has buried whoever was killed.
    ///
    /// What a killed runner leaves behind is ended by its parent. Nobody is there to do so if both are killed at one
    /// moment, and nothing is promised then.
    pub(super) fn let_bury(&self, program: &Program) -> anyhow::Result<()> {
        let is_there = |pid: &u32| Path::new("/proc").join(pid.to_string()).exists();
        program.wait_until_seen("had buried the killed", || {
            (!self.killed.iter().any(is_there)).then_some(())
        })
    }

    fn deal(&mut self, program: &Program, blow: Blow, victim: usize) -> anyhow::Result<()> {
        let mut runners = runners(program);
        if runners.is_empty() {
            return Ok(());
        }
        let victim = victim % runners.len();
        *self.dealt.entry(blow).or_default() += 1;
        let long = self.dice.millis(LOSS_BOUND * 3 / 2, LOSS_BOUND * 2);
        match blow {
            Blow::Kill => {
                let victim = &runners[victim];
                self.journal.endangered(victim.pid, "killed")?;
                victim.kill();
                self.killed.push(victim.pid);
            }
            Blow::FreezeShortly => {
                let moment = self.dice.millis(LOSS_BOUND / 30, LOSS_BOUND / 5);
                freeze(&[&runners[victim]], moment);
            }
            Blow::FreezeLong => {
                let victim = runners.swap_remove(victim);
                self.freeze_for_long(&[victim], &[], long)?;
            }
            Blow::FreezeAll => self.freeze_for_long(&runners, &[], long)?,
            Blow::FreezeParent => {
                let parent = program.pid();
                let all = program.processes();
                let parent: Vec<_> = all.iter().filter(|process| process.pid == parent).collect();
                self.freeze_for_long(&runners, &parent, long)?;
                // It could not bury anybody.
                self.zombies = Zombies::default();
            }
        }
        Ok(())
    }

    /// Freezes the runners, or whoever is given instead, for so long that the runners may be lost by it.
    fn freeze_for_long(
        &self,
        runners: &[Process],
        instead: &[&Process],
        long: Duration,
    ) -> anyhow::Result<()> {
        for runner in runners {
            self.journal.endangered(runner.pid, "frozen")?;
        }
        if instead.is_empty() {
            freeze(&runners.iter().collect::<Vec<_>>(), long);
        } else {
            freeze(instead, long);
        }
        Ok(())
    }
}

/// The processes that the parent has started, in the order of their start, and that have not ended.
fn runners(program: &Program) -> Vec<Process> {
    let parent = program.pid();
    let mut runners = program.processes();
    runners.retain(|process| process.is_living_child_of(parent));
    runners.sort_by_key(|process| process.pid);
    runners
}

fn freeze(processes: &[&Process], span: Duration) {
    for process in processes {
        process.signal(Signal::STOP);
    }
    thread::sleep(span);
    for process in processes {
        process.signal(Signal::CONT);
    }
}

impl fmt::Display for Nemesis<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.dealt.is_empty() {
            return f.write_str("nothing was done to anybody");
        }
        f.write_str("blows:")?;
        for (blow, count) in &self.dealt {
            write!(f, " {count} {blow:?}")?;
        }
        Ok(())
    }
}
