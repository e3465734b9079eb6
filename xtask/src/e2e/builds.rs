//! Every way in which an app may be built has every task in it.

use std::process::Command;

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;

/// What `app calls` prints. Each line is one place or shape in which a task could get lost.
const CALLS: &str = "\
in main: 42, elsewhere
in a library: waves 12 Some(5), elsewhere
blocking: nothing, elsewhere
generic over u8: (7, 7), elsewhere
generic over String: (\"seven\", \"seven\"), elsewhere
named, over bool: 1, elsewhere
named, over char: 2, elsewhere
lonely: emalf, elsewhere
identical: 21 21, elsewhere
same code: 200 -56, elsewhere
same place: 14 21, elsewhere
";

pub(super) const DEBUG: &[Check] = &[Check {
    name: "a debug build has every task",
    look: |stage| calls(stage, "dev"),
}];

/// These take minutes, for all that the library depends on is built again.
pub(super) const OPTIMIZED: &[Check] = &[
    Check {
        name: "a release build has every task",
        look: |stage| calls(stage, "release"),
    },
    Check {
        name: "a build with fat LTO, one codegen unit, no symbols and no unwinding has every task",
        look: |stage| calls(stage, "shipped"),
    },
    Check {
        name: "a panic in a build without unwinding is the loss of one runner",
        look: a_panic_loses_the_runner,
    },
];

fn calls(stage: &Stage, profile: &str) -> anyhow::Result<Outcome> {
    let app = stage.outside()?.build(profile, "app")?;
    let bytes = app.metadata()?.len();
    let mut command = Command::new(app);
    command.arg("calls");
    Program::run(command)?.succeeded()?.printed(CALLS)?;
    let megabytes = bytes as f64 / 1e6;
    Ok(Outcome::Passed(format!("the binary has {megabytes:.1} MB")))
}

fn a_panic_loses_the_runner(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut command = Command::new(stage.outside()?.build("shipped", "app")?);
    command.arg("panics");
    Program::run(command)?
        .succeeded()?
        .printed("lost: Some(Signal(6))\nthe next: 2\n")?;
    Ok(Outcome::Passed(String::new()))
}
