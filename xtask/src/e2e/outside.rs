use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::run;

/// How the app's manifest leads to the facade, from where it is checked in.
const WAY_HOME: &str = "../../..";
/// Where it is checked in.
const CHECKED_IN: &str = "xtask/fixtures/outside";

/// A workspace that is not ours, with an app that uses the library as anybody would.
///
/// It lives below the target folder, so that a second run finds most of it built.
pub(super) struct Outside {
    root: PathBuf,
    target: PathBuf,
}

impl Outside {
    /// Copies it to where it is built.
    pub(super) fn lay_out(folder: &Path) -> anyhow::Result<Self> {
        let home = run::workspace_root();
        let root = folder.join("outside");
        if root.exists() {
            fs::remove_dir_all(&root)?;
        }
        copy(&home.join(CHECKED_IN), &root).context("cannot copy the app")?;
        let manifest = root.join("Cargo.toml");
        let text = fs::read_to_string(&manifest)?;
        let home_text = home
            .to_str()
            .context("the path of the workspace is no text")?;
        fs::write(manifest, text.replace(WAY_HOME, home_text))?;
        // The versions that we are tested with.
        fs::copy(home.join("Cargo.lock"), root.join("Cargo.lock"))?;
        Ok(Self {
            root,
            target: folder.join("target"),
        })
    }

    /// Builds one of its programs.
    pub(super) fn build(&self, profile: &str, bin: &str) -> anyhow::Result<PathBuf> {
        let mut build = self.cargo(&format!("build --quiet --profile {profile} --bin {bin}"));
        run::quietly(&mut build)?;
        let folder = if profile == "dev" { "debug" } else { profile };
        Ok(self.target.join(folder).join(bin))
    }

    /// Cargo, as its developers run it.
    pub(super) fn cargo(&self, arguments: &str) -> Command {
        let mut cargo = run::cargo(arguments);
        cargo
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        cargo
    }
}

/// Copies a folder, with the times of its files: by them cargo knows what it has built already.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let copied = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &copied)?;
        } else {
            fs::copy(entry.path(), &copied)?;
            let modified = entry.metadata()?.modified()?;
            fs::File::options()
                .write(true)
                .open(&copied)?
                .set_modified(modified)?;
        }
    }
    Ok(())
}
