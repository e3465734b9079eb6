use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::Value;

/// A file with what happened, a line of JSON each: `{"exchange": …}` and `{"machine": …}`.
#[derive(Debug)]
pub(crate) struct JournalFile {
    file: File,
}

impl JournalFile {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Self { file })
    }

    /// Adds a line. A full disk costs lines and nothing else.
    pub(crate) fn add(&self, what: &str, value: &Value) {
        let line = serde_json::json!({ what: value }).to_string() + "\n";
        let _ = (&self.file).write_all(line.as_bytes());
    }
}
