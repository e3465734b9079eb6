//! A folder through which tests and tasks tell each other how far they are.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::processes::eventually;

/// The folder. It goes with its owner.
pub(crate) struct Marks(TempDir);

impl Marks {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Where the mark of this name is, for a task to take along.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Leaves a mark for whoever waits for it.
    pub(crate) fn leave(&self, name: &str) {
        leave(&self.path(name));
    }

    /// Waits until somebody has left this mark.
    pub(crate) async fn seen(&self, name: &str) {
        let path = self.path(name);
        eventually(&format!("there is a mark {name}"), || is_left(&path)).await;
    }

    /// What the mark says, as soon as it is there and says something.
    pub(crate) async fn says(&self, name: &str) -> String {
        let path = self.path(name);
        let read = || fs::read_to_string(&path).unwrap_or_default();
        eventually(&format!("mark {name} says something"), || {
            read().ends_with('\n')
        })
        .await;
        read().trim_end().to_owned()
    }
}

/// Leaves a mark that says which process left it.
pub(crate) fn leave(path: &str) {
    fs::write(path, format!("{}\n", std::process::id())).unwrap();
}

/// Leaves a mark that says a line.
pub(crate) fn leave_saying(path: &str, line: &str) {
    fs::write(path, format!("{line}\n")).unwrap();
}

/// Whether the mark is there.
pub(crate) fn is_left(path: &str) -> bool {
    Path::new(path).exists()
}

/// Blocks the thread until the mark is there.
pub(crate) fn block_until_left(path: &str) {
    while !is_left(path) {
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Leaves a mark, and blocks the thread until there are this many in its folder.
pub(crate) fn meet(path: &str, how_many: usize) {
    leave(path);
    let folder = Path::new(path).parent().unwrap();
    while fs::read_dir(folder).unwrap().count() < how_many {
        std::thread::sleep(Duration::from_millis(2));
    }
}
