//! The tables in the documentation are the tables in the code.

use std::fmt::{Debug, Write as _};

use expect_test::expect_file;
use flame_core::pool::{PoolStage, StageSignal};
use flame_core::runner::{RunnerPhase, RunnerSignal};

#[test]
fn the_documented_phases_are_the_real_ones() {
    let table = table(&RunnerPhase::ALL, &RunnerSignal::ALL, RunnerPhase::next);
    expect_file!["../../src/runner/phases.md"].assert_eq(&table);
}

#[test]
fn the_documented_stages_are_the_real_ones() {
    let table = table(&PoolStage::ALL, &StageSignal::ALL, PoolStage::next);
    expect_file!["../../src/pool/stages.md"].assert_eq(&table);
}

#[test]
fn every_phase_but_the_last_can_be_left_and_none_is_entered_twice() {
    goes_one_way(&RunnerPhase::ALL, &RunnerSignal::ALL, RunnerPhase::next);
}

#[test]
fn every_stage_but_the_last_can_be_left_and_none_is_entered_twice() {
    goes_one_way(&PoolStage::ALL, &StageSignal::ALL, PoolStage::next);
}

#[test]
fn every_stage_but_the_last_two_can_be_cut_short() {
    for stage in PoolStage::ALL {
        let killed = stage.next(StageSignal::KillRequested);
        let may_be = stage < PoolStage::Killing;
        assert_eq!(killed, may_be.then_some(PoolStage::Killing), "{stage:?}");
    }
}

fn goes_one_way<P, S>(phases: &[P], signals: &[S], next: fn(P, S) -> Option<P>)
where
    P: Copy + Debug + Ord,
    S: Copy,
{
    for &phase in phases {
        let next: Vec<P> = signals
            .iter()
            .filter_map(|&signal| next(phase, signal))
            .collect();
        assert_eq!(next.is_empty(), Some(&phase) == phases.last(), "{phase:?}");
        assert!(next.iter().all(|&next| next > phase), "{phase:?}: {next:?}");
    }
}

fn table<P, S>(phases: &[P], signals: &[S], next: fn(P, S) -> Option<P>) -> String
where
    P: Copy + Debug,
    S: Copy + Debug,
{
    let mut table = String::from("| |");
    for signal in signals {
        write!(table, " {signal:?} |").unwrap();
    }
    table.push_str("\n|-|");
    table.push_str(&"-|".repeat(signals.len()));
    table.push('\n');
    for &phase in phases {
        write!(table, "| **{phase:?}** |").unwrap();
        for &signal in signals {
            match next(phase, signal) {
                Some(next) => write!(table, " {next:?} |").unwrap(),
                None => table.push_str(" – |"),
            }
        }
        table.push('\n');
    }
    table
}
