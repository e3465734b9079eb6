//! A named pipe between a test and the processes that it has made.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::shell::soon;

/// A named pipe. Its end of file says that every process that holds it is gone.
pub(crate) struct Fifo {
    path: PathBuf,
    _folder: TempDir,
}

/// The reading end of a [`Fifo`] to which somebody writes.
pub(crate) struct Reading(BufReader<std::fs::File>);

impl Fifo {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fifo");
        let made = Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        Self {
            path,
            _folder: folder,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until somebody has opened it for writing.
    pub(crate) async fn open(&self) -> Reading {
        let path = self.path.clone();
        let opened = soon(spawn_blocking(move || std::fs::File::open(path))).await;
        Reading(BufReader::new(opened.unwrap().unwrap()))
    }
}

impl Reading {
    /// Waits for a line.
    pub(crate) async fn line(mut self) -> (Self, String) {
        let reading = spawn_blocking(move || {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            (self, line.trim_end().to_owned())
        });
        soon(reading).await.unwrap()
    }

    /// Waits until nobody holds the other end, and returns what was written.
    pub(crate) async fn rest(mut self) -> String {
        let reading = spawn_blocking(move || {
            let mut rest = String::new();
            self.0.read_to_string(&mut rest).unwrap();
            rest
        });
        soon(reading).await.unwrap()
    }
}
