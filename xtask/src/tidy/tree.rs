use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::run;

/// The text files of the workspace, by path.
pub(super) struct Tree(BTreeMap<String, String>);

impl Tree {
    /// Reads what git tracks, and what it would track.
    pub(super) fn load(root: &Path) -> anyhow::Result<Self> {
        let listed = run::program(
            "git",
            ["ls-files", "--cached", "--others", "--exclude-standard"],
        )
        .output()
        .context("git does not start")?;
        ensure!(listed.status.success(), "git cannot list the files");
        let mut files = BTreeMap::new();
        for path in String::from_utf8(listed.stdout)?.lines() {
            // Pictures are no text; a deleted file is still listed.
            if let Ok(text) = std::fs::read_to_string(root.join(path)) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self(files))
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Paths and texts of the files that the predicate picks.
    pub(super) fn files(&self, pick: impl Fn(&str) -> bool) -> impl Iterator<Item = (&str, &str)> {
        let files = self.0.iter().filter(move |(path, _)| pick(path));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Rust that people write.
    pub(super) fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files(|path| path.ends_with(".rs") && !path.contains("/generated/"))
    }

    /// The manifests of the packages, without the workspace's own.
    pub(super) fn manifests(&self) -> impl Iterator<Item = (&str, &str)> {
        // Fixtures stand for the workspaces of others.
        self.files(|path| path.ends_with("/Cargo.toml") && !path.contains("/fixtures/"))
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Tree {
    fn from(files: [(&str, &str); N]) -> Self {
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        Self(files.into())
    }
}
