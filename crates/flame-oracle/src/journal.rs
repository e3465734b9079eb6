use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::{Entry, Told};

/// A file to which many processes append what they do, one line each time.
///
/// Nothing is kept in memory or open, so that it can be handed to a task as a path, and is complete whoever is
/// killed. A line is one `write` to a file that is opened for appending: it comes after all lines whose writing had
/// ended, and no other line gets into it. Only who reads at that very moment may see the first part of it.
#[derive(Clone, Debug)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// The journal in this file, which is made with the first line.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes that a call is about to be submitted, whose task may run once.
    ///
    /// # Errors
    ///
    /// When the file cannot be written to.
    pub fn called(&self, id: u64, what: &str) -> io::Result<()> {
        let what = what.to_owned();
        self.write(&Entry::Called { id, runs: 1, what })
    }

    /// Notes that the task of a call begins in this process.
    ///
    /// # Errors
    ///
    /// When the file cannot be written to.
    pub fn started(&self, id: u64) -> io::Result<()> {
        let pid = std::process::id();
        self.write(&Entry::Started { id, pid })
    }

    /// Notes that the task of a call has come to its end.
    ///
    /// # Errors
    ///
    /// When the file cannot be written to.
    pub fn ended(&self, id: u64) -> io::Result<()> {
        self.write(&Entry::Ended { id })
    }

    /// Notes what the caller was told.
    ///
    /// # Errors
    ///
    /// When the file cannot be written to.
    pub fn told(&self, id: u64, told: Told, why: &str) -> io::Result<()> {
        let why = why.to_owned();
        self.write(&Entry::Outcome { id, told, why })
    }

    /// Notes that a process is about to get into danger.
    ///
    /// # Errors
    ///
    /// When the file cannot be written to.
    pub fn endangered(&self, pid: u32, how: &str) -> io::Result<()> {
        let how = how.to_owned();
        self.write(&Entry::Endangered { pid, how })
    }

    /// Appends a line.
    ///
    /// # Errors
    ///
    /// When the file cannot be written to.
    pub fn write(&self, entry: &Entry) -> io::Result<()> {
        let mut file = File::options().append(true).create(true).open(&self.path)?;
        file.write_all(format!("{entry}\n").as_bytes())
    }

    /// All lines so far; of a journal without lines, none.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn lines(&self) -> io::Result<Vec<String>> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}
