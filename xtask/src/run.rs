//! Running other programs, and talking to whoever runs this one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

/// The folder of the workspace.
pub(crate) fn workspace_root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// A program that will run at the workspace's root.
pub(crate) fn program(
    name: &str,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(workspace_root());
    command
}

/// Cargo, as it runs this program.
pub(crate) fn cargo(arguments: &str) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    program(&cargo, arguments.split_whitespace())
}

/// Another command of this program.
pub(crate) fn xtask(arguments: &str) -> Command {
    let this = std::env::current_exe();
    let this = this.map_or("cargo-xtask".into(), |path| path.display().to_string());
    program(&this, arguments.split_whitespace())
}

/// Whether a program is on the search path.
pub(crate) fn is_installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// Whether nothing may be skipped, because what lands has passed every gate.
pub(crate) fn in_ci() -> bool {
    std::env::var_os("CI").is_some()
}

/// What to say to somebody who lacks a tool.
pub(crate) fn how_to_install(tool: &str) -> String {
    format!("`{tool}` is not installed; `.ci/tools` installs it")
}

/// Runs a program to its end; anything but success is an error.
pub(crate) fn sh(command: &mut Command) -> anyhow::Result<()> {
    let shown = show(command);
    say(&format!("$ {shown}"));
    let status = command
        .status()
        .with_context(|| format!("`{shown}` does not start"))?;
    ensure!(status.success(), "`{shown}` ended with {status}");
    Ok(())
}

/// Runs a program to its end and shows what it says only if it fails.
pub(crate) fn quietly(command: &mut Command) -> anyhow::Result<()> {
    let shown = show(command);
    let output = command
        .output()
        .with_context(|| format!("`{shown}` does not start"))?;
    ensure!(
        output.status.success(),
        "`{shown}` ended with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// A program as one would type it.
fn show(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name();
    let words = name.into_iter().chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Says something on standard error, where cargo talks as well.
#[expect(clippy::print_stderr, reason = "talking is what this function is for")]
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}
