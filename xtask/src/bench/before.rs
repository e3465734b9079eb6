//! Ours as it was at another commit, measured by what measures today.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::run;

/// Builds today's `ours` with the library of that commit, in a checkout of its own below `target`.
///
/// The programs that measure are today's, so that both do the same. If the library's interface has changed since,
/// this fails with the compiler's words.
pub(super) fn build(commit: &str, target: &Path) -> anyhow::Result<PathBuf> {
    let commit = resolve(commit)?;
    let checkout = target.join("before").join(&commit);
    let program = target.join("before").join(format!("ours-{commit}"));
    if !checkout.is_dir() {
        let mut add = run::program("git", ["worktree", "add", "--force", "--detach"]);
        run::sh(add.arg(&checkout).arg(&commit))?;
    }
    let benches = checkout.join("benches");
    if benches.is_dir() {
        std::fs::remove_dir_all(&benches)
            .with_context(|| format!("cannot clear {}", benches.display()))?;
    }
    let today = run::workspace_root().join("benches");
    run::sh(run::program("cp", ["-R"]).arg(today).arg(&benches))?;

    // Its lock file is today's; what the library needed then is added to it.
    let mut cargo = run::cargo("build --quiet --release --package ours");
    cargo
        .current_dir(&checkout)
        .arg("--manifest-path")
        .arg(benches.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target);
    run::sh(&mut cargo)?;
    // Today's is built in the same place, so that no dependency is built twice.
    std::fs::copy(target.join("release/ours"), &program)
        .with_context(|| format!("cannot write {}", program.display()))?;
    let mut remove = run::program("git", ["worktree", "remove", "--force"]);
    run::sh(remove.arg(&checkout))?;
    Ok(program)
}

/// The whole name of a commit.
fn resolve(commit: &str) -> anyhow::Result<String> {
    let mut parse = run::program("git", ["rev-parse", "--verify", "--quiet"]);
    let output = parse.arg(format!("{commit}^{{commit}}")).output()?;
    anyhow::ensure!(output.status.success(), "there is no commit `{commit}`");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
