use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;

use super::bugs::{Bug, Edit};
use crate::run::{cargo, say, workspace_root};

/// Each bug must be caught within this many lives.
const SEEDS: &str = "200";

/// A copy of flame-core, in which bugs are planted. The product itself knows nothing of them.
pub(super) struct Trial {
    copy: TempDir,
}

/// Where and by what a bug was caught.
struct Catch {
    seed: String,
    promise: String,
}

impl Trial {
    /// Copies the crate, and makes sure that it survives as it is.
    pub(super) fn prepare() -> anyhow::Result<Self> {
        let root = workspace_root();
        let copy = tempfile::tempdir()?;
        copy_folder(&root.join("crates/flame-core"), copy.path())?;
        fs::copy(root.join("Cargo.lock"), copy.path().join("Cargo.lock"))?;
        fs::write(copy.path().join("Cargo.toml"), manifest(&root)?)?;
        let trial = Self { copy };
        if let Some(catch) = trial.run()? {
            bail!(
                "without a bug, seed {} breaks {}",
                catch.seed,
                catch.promise
            );
        }
        Ok(trial)
    }

    /// Plants one bug after the other.
    pub(super) fn plant_all(&self, bugs: &[&Bug]) -> anyhow::Result<()> {
        let began = Instant::now();
        say(&format!(
            "{:<48} {:>4}  promise that caught it",
            "bug", "seed"
        ));
        let mut survivors = Vec::new();
        for bug in bugs {
            match self.plant(bug)? {
                Some(Catch { seed, promise }) => {
                    say(&format!("{:<48} {seed:>4}  {promise}", bug.name));
                }
                None => {
                    say(&format!(
                        "{:<48} {:>4}  SURVIVED {SEEDS} lives",
                        bug.name, "-"
                    ));
                    survivors.push(bug.name);
                }
            }
        }
        let seconds = began.elapsed().as_secs();
        say(&format!("{} bugs planted in {seconds} s", bugs.len()));
        ensure!(survivors.is_empty(), "not caught: {}", survivors.join(", "));
        Ok(())
    }

    fn plant(&self, bug: &Bug) -> anyhow::Result<Option<Catch>> {
        let mut originals = Vec::new();
        for edit in bug.edits {
            let path = self.copy.path().join("src").join(edit.file);
            let original = fs::read_to_string(&path)?;
            fs::write(&path, broken(&original, edit, bug.name)?)?;
            originals.push((path, original));
        }
        let catch = self.run();
        // The last edit of a file comes off first.
        for (path, original) in originals.into_iter().rev() {
            fs::write(path, original)?;
        }
        catch.with_context(|| format!("bug {:?}", bug.name))
    }

    /// Lives some lives. `None` means that every promise was kept.
    fn run(&self) -> anyhow::Result<Option<Catch>> {
        let test = "test --quiet --test it -- --nocapture sim::every";
        let mut test = cargo(test);
        test.current_dir(self.copy.path())
            .env("CARGO_TARGET_DIR", self.copy.path().join("target"))
            .env("FLAME_SIM_SEEDS", SEEDS)
            .env_remove("FLAME_SIM_SEED");
        let output = test.output().context("cargo does not start")?;
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            ensure!(
                said.contains("every promise kept"),
                "no life was lived:\n{said}"
            );
            return Ok(None);
        }
        let catch = said.lines().find_map(parse);
        let catch = catch.with_context(|| format!("neither lived nor caught:\n{said}"))?;
        Ok(Some(catch))
    }
}

/// Reads `seed 3, step 14: broken promise: slots match leases (2, 5): …`.
fn parse(line: &str) -> Option<Catch> {
    let (seed, rest) = line.strip_prefix("seed ")?.split_once(", step ")?;
    let (_, promise) = rest.split_once(": broken promise: ")?;
    let promise = promise.split_once("): ").map_or(promise, |(name, _)| name);
    Some(Catch {
        seed: seed.to_owned(),
        promise: format!("{promise})"),
    })
}

pub(super) fn broken(source: &str, edit: &Edit, bug: &str) -> anyhow::Result<String> {
    let found = source.matches(edit.find).count();
    ensure!(
        found == 1,
        "bug {bug:?}: its place occurs {found} times in {}, not once",
        edit.file
    );
    Ok(source.replacen(edit.find, edit.replace, 1))
}

/// A manifest that stands alone. Assertions are off: the promises shall catch the bugs, not they.
fn manifest(root: &Path) -> anyhow::Result<String> {
    let whole = fs::read_to_string(root.join("Cargo.toml"))?;
    let ours = fs::read_to_string(root.join("crates/flame-core/Cargo.toml"))?;
    let version = |name: &str| -> anyhow::Result<&str> {
        let start = format!("{name} = ");
        let line = whole.lines().find_map(|line| line.strip_prefix(&start));
        line.with_context(|| format!("{name} has no version"))
    };
    let dependencies = |section: &str| -> anyhow::Result<String> {
        let (_, rest) = ours.split_once(section).unwrap_or_default();
        let lines = rest
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with('['));
        let names = lines.filter_map(|line| line.strip_suffix(".workspace = true"));
        names
            .map(|name| Ok(format!("{name} = {}\n", version(name)?)))
            .collect()
    };
    Ok(format!(
        "[package]\nname = \"flame-core\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{}\n[dev-dependencies]\n{}\n\
         [profile.dev]\nopt-level = 0\ndebug = 0\ndebug-assertions = false\noverflow-checks = true\n\n\
         [workspace]\n",
        dependencies("[dependencies]")?,
        dependencies("[dev-dependencies]")?
    ))
}

pub(super) fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
