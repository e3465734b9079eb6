use std::path::PathBuf;
use std::process::{Command, Output};

/// The command itself, with no word of this process's environment about Fly or flame.
pub(crate) fn flame() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flame"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("FLY_") || name.starts_with("FLAME_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// The app that is looked at: cargo builds examples before it runs tests.
pub(crate) fn app() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let app = tests.ancestors().nth(2).unwrap().join("examples/app");
    assert!(app.exists(), "{} was not built", app.display());
    app
}

/// What it wrote, and its exit code.
pub(crate) fn outcome(command: &mut Command) -> (String, String, Option<i32>) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(stdout), text(stderr), status.code())
}

/// The names of the steps in a report for programs, and their verdicts.
pub(crate) fn steps(report: &str) -> Vec<(String, String)> {
    let value = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let text = |value: &serde_json::Value, key| value[key].as_str().unwrap().to_owned();
    report
        .lines()
        .map(value)
        .map(|step| (text(&step, "step"), text(&step, "verdict")))
        .collect()
}
