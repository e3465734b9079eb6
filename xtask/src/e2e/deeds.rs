//! What an app may do to its runners, and its runners to it, seen from outside.

use std::time::Duration;

use anyhow::ensure;

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;

/// How long something may take on a busy host that should take moments.
const SOON: Duration = Duration::from_secs(10);

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "a runner without work leaves while its parent stays",
        look: an_idle_runner_leaves,
    },
    Check {
        name: "a killed parent takes along a runner whose work does not stop",
        look: a_stubborn_runner_dies_with_its_parent,
    },
    Check {
        name: "a panic in a task is an error where it was called",
        look: a_panic_is_an_error,
    },
    Check {
        name: "a task without its provided value is refused by name, and the app runs",
        look: only_the_unprovided_is_refused,
    },
    Check {
        name: "a main that forgets `serve()` is told so",
        look: a_main_that_does_not_serve_is_told_so,
    },
    Check {
        name: "a main that does nothing for runners is told so",
        look: a_main_that_does_nothing_is_told_so,
    },
    Check {
        name: "a copy of the app that a task starts is not a runner",
        look: a_copy_is_not_a_runner,
    },
];

fn an_idle_runner_leaves(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut app = Program::start(stage.app("app", "idles")?)?;
    app.wait_for_line("ran in process")?;
    let parent = app.pid();
    let after = app.wait_until_gone(SOON, &[parent])?;
    app.close_stdin();
    app.end()?.succeeded()?;
    Ok(Outcome::Passed(format!("after {after:.1?}")))
}

fn a_stubborn_runner_dies_with_its_parent(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut app = Program::start(stage.app("app", "stubborn")?)?;
    app.wait_for_line("at work")?;
    ensure!(
        app.processes().len() == 2,
        "there are {:?}",
        app.processes()
    );
    app.kill_parent()?;
    let after = app.wait_until_gone(SOON, &[])?;
    Ok(Outcome::Passed(format!("after {after:.1?}")))
}

fn a_panic_is_an_error(stage: &Stage) -> anyhow::Result<Outcome> {
    Program::run(stage.app("app", "panics")?)?
        .succeeded()?
        .printed("panicked: no such frame\nthe next: 2\n")?;
    Ok(Outcome::Passed(String::new()))
}

fn only_the_unprovided_is_refused(stage: &Stage) -> anyhow::Result<Outcome> {
    Program::run(stage.app("app", "unprovided")?)?
        .succeeded()?
        .printed(
            "refused: library::unprovided::rows needs a value of type library::unprovided::Database, which \
             the runner's main did not pass to flame::provide before runner.serve()\nthe next: 2\n",
        )?;
    Ok(Outcome::Passed(String::new()))
}

fn a_main_that_does_not_serve_is_told_so(stage: &Stage) -> anyhow::Result<Outcome> {
    is_told_about_serve(stage, "to serve")
}

fn a_main_that_does_nothing_is_told_so(stage: &Stage) -> anyhow::Result<Outcome> {
    is_told_about_serve(stage, "everything")
}

/// The parent's error names what is missing, and shows the last lines of the copy.
fn is_told_about_serve(stage: &Stage, forgotten: &str) -> anyhow::Result<Outcome> {
    let app = Program::run(stage.app("forgetful", forgotten)?)?.ended_with(1)?;
    let parts = [
        "the process started but never called `runner.serve()`",
        "last lines: ",
        "call flame::runner() first thing in main",
    ];
    for part in parts {
        ensure!(
            app.stderr.contains(part),
            "the error lacks {part:?}{}",
            app.said()
        );
    }
    Ok(Outcome::Passed(String::new()))
}

fn a_copy_is_not_a_runner(stage: &Stage) -> anyhow::Result<Outcome> {
    Program::run(stage.app("app", "copies")?)?
        .succeeded()?
        .printed("a runner: false\n")?;
    Ok(Outcome::Passed(String::new()))
}
