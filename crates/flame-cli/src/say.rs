//! What the command writes: results to standard output, the rest to standard error. Whoever reads it may have gone.

use std::io::Write;

use serde::Serialize;

/// A line of the result.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A line of the result, for programs.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => line(&text),
        Err(error) => problem(&error.to_string()),
    }
}

/// What went wrong.
pub(crate) fn problem(text: &str) {
    let _ = writeln!(std::io::stderr(), "flame: {text}");
}
