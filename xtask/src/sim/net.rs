//! Lives of parents and runners on a simulated network, and planted bugs that they have to catch.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

use super::bugs::{Bug, NET_BUGS};
use super::trial::{broken, copy_folder};
use crate::run::{cargo, quietly, say, sh, workspace_root};

/// Lives in the gate.
const SEEDS: u64 = 60;
/// Each bug must be caught within this many lives.
const SEEDS_FOR_BUGS: u64 = 40;

/// Lives them, each twice; one alone is shown.
pub(super) fn live(seeds: Option<u64>, seed: Option<u64>) -> anyhow::Result<()> {
    let mut test = cargo("test --quiet -p flame-sim-net --test it -- --nocapture every_life");
    match seed {
        Some(seed) => test.env("FLAME_SIM_SEED", seed.to_string()),
        None => test.env("FLAME_SIM_SEEDS", seeds.unwrap_or(SEEDS).to_string()),
    };
    sh(&mut test)
}

/// Where the copy is, and what is built of it.
fn place() -> PathBuf {
    let elsewhere = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = elsewhere.unwrap_or_else(|| workspace_root().join("target"));
    target.join("sim-net-bugs")
}

/// Plants one bug after the other in a copy of the runtime.
pub(super) fn plant_all(only: &str) -> anyhow::Result<()> {
    let root = workspace_root();
    // Always the same place, so that it is built anew only where it differs.
    let copy = place().join("copy");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    for folder in ["crates", "sim-net"] {
        copy_folder(&root.join(folder), &copy.join(folder))?;
    }
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock"))?;
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let lines = manifest.lines().map(|line| match line {
        line if line.starts_with("members = ") => "members = [\"sim-net\"]",
        line if line.starts_with("default-members = ") => "",
        line => line,
    });
    let manifest = lines.collect::<Vec<_>>().join("\n");
    fs::write(copy.join("Cargo.toml"), manifest)?;
    if let Some(catch) = first_catch(&copy)? {
        bail!("without a bug, {catch}");
    }
    let mut survivors = Vec::new();
    for bug in NET_BUGS.iter().filter(|bug| bug.name.contains(only)) {
        match plant(&copy, bug)? {
            Some(catch) => say(&format!("{:<48} {catch}", bug.name)),
            None => {
                say(&format!("{:<48} SURVIVED {SEEDS_FOR_BUGS} lives", bug.name));
                survivors.push(bug.name);
            }
        }
    }
    ensure!(survivors.is_empty(), "not caught: {}", survivors.join(", "));
    Ok(())
}

fn plant(copy: &Path, bug: &Bug) -> anyhow::Result<Option<String>> {
    let mut originals = Vec::new();
    for edit in bug.edits {
        let path = copy.join("crates/flame-runtime/src").join(edit.file);
        let original = fs::read_to_string(&path)?;
        fs::write(&path, broken(&original, edit, bug.name)?)?;
        originals.push((path, original));
    }
    let catch = first_catch(copy);
    for (path, original) in originals.into_iter().rev() {
        fs::write(path, original)?;
    }
    catch.with_context(|| format!("bug {:?}", bug.name))
}

/// The first life that broke a promise: `seed 3: broken promise: …`.
fn first_catch(copy: &Path) -> anyhow::Result<Option<String>> {
    // Cargo takes two workspaces in one target folder for one and the same.
    let target = place().join("target");
    let mut build = cargo("build --quiet -p flame-sim-net");
    build.current_dir(copy).env("CARGO_TARGET_DIR", &target);
    quietly(&mut build)?;
    let life = target.join("debug/flame-sim-net");
    for seed in 0..SEEDS_FOR_BUGS {
        let output = Command::new(&life).arg(seed.to_string()).output()?;
        if !output.status.success() {
            let said =
                String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            let catch = said.lines().find(|line| line.contains("broken promise"));
            let catch = catch.or_else(|| said.lines().find(|line| line.contains("panicked")));
            let catch = catch.with_context(|| format!("seed {seed} says nothing:\n{said}"))?;
            return Ok(Some(catch.to_owned()));
        }
    }
    Ok(None)
}
