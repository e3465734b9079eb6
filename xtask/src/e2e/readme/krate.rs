use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::blocks::Block;
use crate::e2e::stage::Stage;
use crate::run;

/// How the README's manifest leads to the facade.
const WAY_HOME: &str = "../flame/crates/flame";
/// What a manifest has above its dependencies, as `cargo new` writes it.
const HEAD: &str =
    "[package]\nname = \"first\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n";
/// What the README's web service needs besides.
const WEB: &str = "axum = \"0.8\"\n";

/// A crate of a stranger's, with the README's dependencies and its blocks as programs.
pub(super) struct Krate {
    root: PathBuf,
    target: PathBuf,
    programs: usize,
}

impl Krate {
    /// Writes it to where it is built.
    pub(super) fn lay_out(stage: &Stage, blocks: &[Block]) -> anyhow::Result<Self> {
        let root = stage.elsewhere().join("readme");
        if root.exists() {
            fs::remove_dir_all(&root)?;
        }
        fs::create_dir_all(root.join("src/bin"))?;
        fs::write(root.join("Cargo.toml"), manifest(blocks)?)?;
        // The versions that we are tested with.
        fs::copy(
            run::workspace_root().join("Cargo.lock"),
            root.join("Cargo.lock"),
        )?;
        let mut programs = 0;
        for block in blocks.iter().filter(|block| block.language == "rust") {
            let name = format!("src/bin/block_{programs}.rs");
            fs::write(root.join(block.file().unwrap_or(&name)), block.program())?;
            programs += 1;
        }
        Ok(Self {
            root,
            target: stage.elsewhere().join("target"),
            programs,
        })
    }

    /// How many programs it has.
    pub(super) fn programs(&self) -> usize {
        self.programs
    }

    /// Builds some of them.
    pub(super) fn build(&self, which: &[&str]) -> anyhow::Result<()> {
        let mut build = run::cargo("build --quiet");
        build
            .args(which)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        run::quietly(&mut build)
    }

    /// One of them, built.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }
}

/// The name of the program that is made of this file.
pub(super) fn bin(file: &str) -> &str {
    match file {
        "src/main.rs" => "first",
        other => Path::new(other)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or(other),
    }
}

fn manifest(blocks: &[Block]) -> anyhow::Result<String> {
    let dependencies = blocks
        .iter()
        .find(|block| block.text.starts_with("[dependencies]"));
    let dependencies = dependencies.context("the README names no dependencies")?;
    ensure!(
        dependencies.text.contains(WAY_HOME),
        "the README's dependencies do not say {WAY_HOME:?}"
    );
    let home = run::workspace_root().join("crates/flame");
    let home = home
        .to_str()
        .context("the path of the workspace is no text")?;
    Ok(format!(
        "{HEAD}{}{WEB}",
        dependencies.text.replace(WAY_HOME, home)
    ))
}
