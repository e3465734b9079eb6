use std::collections::BTreeMap;

use flame_core::pool::PoolStage;

use super::books::Leavings;
use super::faults::{Fault, FaultCounts};
use super::life::Report;

/// What many lives were good for.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    lives: u64,
    callers: u64,
    steps: u64,
    actions: u64,
    leavings: Leavings,
    faults: FaultCounts,
    kills: BTreeMap<PoolStage, u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, report: &Report) {
        self.lives += 1;
        self.callers += report.callers;
        self.steps += report.steps;
        self.actions += report.actions;
        self.leavings.waiting += report.leavings.waiting;
        self.leavings.running += report.leavings.running;
        self.leavings.too_late += report.leavings.too_late;
        if let Some(stage) = report.killed_while {
            *self.kills.entry(stage).or_default() += 1;
        }
        for (&fault, count) in &report.faults {
            *self.faults.entry(fault).or_default() += count;
        }
    }

    /// The faults that never struck; promises under them were not tried.
    pub(crate) fn untried(&self) -> Vec<Fault> {
        let untried = self.faults.iter().filter(|&(_, &count)| count == 0);
        untried.map(|(&fault, _)| fault).collect()
    }

    pub(crate) fn print(&self) {
        let Leavings {
            waiting,
            running,
            too_late,
        } = self.leavings;
        println!(
            "{} lives, {} callers, {} steps, {} actions, every promise kept",
            self.lives, self.callers, self.steps, self.actions
        );
        println!(
            "callers left: {waiting} while waiting, {running} while running, {too_late} too late"
        );
        println!("pools killed: {:?}", self.kills);
        for (fault, count) in &self.faults {
            println!("{count:>9}  {fault:?}");
        }
    }
}
