//! The table in the documentation is the table in the code.

use std::fmt::Write as _;

use expect_test::expect_file;
use flame_core::runner::{RunnerPhase, RunnerSignal};

#[test]
fn the_documented_phases_are_the_real_ones() {
    expect_file!["../../src/runner/phases.md"].assert_eq(&table());
}

#[test]
fn a_runner_that_is_gone_stays_gone() {
    for signal in RunnerSignal::ALL {
        assert_eq!(RunnerPhase::Gone.next(signal), None, "{signal:?}");
    }
}

#[test]
fn every_phase_but_the_last_can_be_left_and_none_is_entered_twice() {
    for phase in RunnerPhase::ALL {
        let next: Vec<_> = RunnerSignal::ALL
            .into_iter()
            .filter_map(|signal| phase.next(signal))
            .collect();
        assert_eq!(next.is_empty(), phase == RunnerPhase::Gone, "{phase:?}");
        assert!(next.iter().all(|&next| next > phase), "{phase:?}: {next:?}");
    }
}

fn table() -> String {
    let mut table = String::from("| |");
    for signal in RunnerSignal::ALL {
        write!(table, " {signal:?} |").unwrap();
    }
    table.push_str("\n|-|");
    table.push_str(&"-|".repeat(RunnerSignal::ALL.len()));
    table.push('\n');
    for phase in RunnerPhase::ALL {
        write!(table, "| **{phase:?}** |").unwrap();
        for signal in RunnerSignal::ALL {
            match phase.next(signal) {
                Some(next) => write!(table, " {next:?} |").unwrap(),
                None => table.push_str(" – |"),
            }
        }
        table.push('\n');
    }
    table
}
