//! What stands in `flame.toml`.

use std::fs;
use std::sync::OnceLock;

use flame_runtime::Pool;
use futures_util::FutureExt as _;
use tempfile::TempDir;

use crate::session::Stage;

/// More digits in a row may ask for more runners than this host can keep count of.
const DIGITS: usize = 3;

/// A pool starts with it, or says what is wrong with it.
pub(crate) fn run(bytes: &[u8]) {
    let mut digits = bytes.split(|byte| !byte.is_ascii_digit() && *byte != b'_');
    if digits.any(|digits| digits.len() > DIGITS) {
        return;
    }
    let folder = folder();
    fs::write(folder.path().join("flame.toml"), bytes).unwrap();
    let (stage, _) = Stage::new();
    let started = Pool::builder("fuzzed").max(1).backend(stage).start();
    // What is wrong is told at once; whoever waits for runners has read the file.
    if let Some(Err(error)) = started.now_or_never() {
        assert!(!error.to_string().is_empty());
    }
}

/// This process's working directory from now on.
fn folder() -> &'static TempDir {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        std::env::set_current_dir(folder.path()).unwrap();
        folder
    })
}
