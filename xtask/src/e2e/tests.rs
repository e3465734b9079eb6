//! An app's own tests boot runners.

use std::process::Command;

use anyhow::ensure;

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;
use crate::run;

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "the tests of an app boot runners under `cargo test`",
        look: under_cargo_test,
    },
    Check {
        name: "the tests of an app boot runners under `cargo nextest run`",
        look: under_nextest,
    },
];

fn under_cargo_test(stage: &Stage) -> anyhow::Result<Outcome> {
    let arguments = "test --package app --package library --test it --test own";
    run::quietly(&mut stage.outside()?.cargo(&format!("{arguments} --no-run")))?;
    pass(
        stage.outside()?.cargo(arguments),
        &[
            "7 passed; 0 failed; 0 ignored",
            "2 passed; 0 failed; 0 ignored",
        ],
    )
}

fn under_nextest(stage: &Stage) -> anyhow::Result<Outcome> {
    let tool = "cargo-nextest";
    if !run::is_installed(tool) {
        ensure!(!run::in_ci(), "`{tool}` is not installed");
        return Ok(Outcome::Skipped(run::how_to_install(tool)));
    }
    let arguments = "nextest run --package app --package library --test it --test own";
    run::quietly(&mut stage.outside()?.cargo(&format!("{arguments} --no-run")))?;
    pass(
        stage.outside()?.cargo(arguments),
        &["9 tests run: 9 passed"],
    )
}

/// The counts are compared, so that a test that vanishes is noticed.
fn pass(command: Command, expected: &[&str]) -> anyhow::Result<Outcome> {
    // Two of the tests share a pool in a `static`, which outlives them and so nobody shuts down.
    let mut tests = Program::start(command)?;
    tests.close_stdin();
    let tests = tests.end_without_shutdown()?.succeeded()?;
    let said = tests.said();
    for counts in expected {
        ensure!(
            said.contains(counts),
            "they should have said {counts:?}{said}"
        );
    }
    Ok(Outcome::Passed(expected.join(", ")))
}
