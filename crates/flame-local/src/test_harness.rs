//! What a test binary needs in order to be started as a runner.
//!
//! A copy of a test binary, started with its parent's arguments, would run the tests once more. So the
//! user's tests contain one test that is not one, written by `flame::test_runner!(setup)`:
//!
//! ```text
//! #[test]
//! fn flame_test_runner() {
//!     if let Some(runner) = flame::runner() {
//!         // start a runtime, run `setup`, then `runner.serve()`, and exit with its code
//!     }
//! }
//! ```
//!
//! In an ordinary run it does nothing and passes. [`ChildProcess`](crate::ChildProcess) starts the copy
//! with the arguments that make the harness run this test alone. Where in the module tree it is, the
//! test binary itself says when asked to `--list` its tests, which takes two milliseconds, once per
//! process. Nothing has to be registered at link time, so it also works in crates that forbid unsafe
//! code.
//!
//! # How a test binary is recognized
//!
//! By two marks that must both be there, because running `--list` in anything else would run the app:
//!
//! 1. Its path is the one that Cargo gives to tests: `…/deps/<name>-<16 hex digits>`. Programs are
//!    built there too, but are run through their link in the folder above.
//! 2. The harness is linked into it: the file contains the name of an environment variable that only
//!    the harness reads. This tells it from a test or benchmark with a `main` of its own (`harness =
//!    false`), which calls `flame::runner()` as every app does and needs nothing from here.
//!
//! A test binary that is missed, because it was copied elsewhere, runs its tests once more in the copy,
//! where the first pool that wants a child process is refused with
//! [`StartError::RunnerNotTaken`](crate::child_process::StartError::RunnerNotTaken). One that is taken
//! wrongly for a test binary is helped by `ChildProcess::args`, with which none of this happens.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use flame_core::backend::lifeline;

/// The name of the test that `flame::test_runner!` writes.
pub const TEST_NAME: &str = "flame_test_runner";

/// Why a test binary cannot be started as a runner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TestHarnessError {
    /// The macro was not used.
    #[error(
        "a test binary can only be a runner if it contains `flame::test_runner!(setup)`: add that line \
         once, outside of any function, or give the pool a backend with arguments of its own"
    )]
    NoTestRunner,
    /// The macro was used more than once.
    #[error("a test binary needs one `flame::test_runner!(setup)`, but this one has {}", .0.join(", "))]
    SeveralTestRunners(Vec<String>),
    /// The test binary could not be asked for its tests.
    #[error("this test binary could not be asked for its tests: {0}")]
    NotListed(String),
}

/// The arguments with which this executable becomes a runner, if it is a test binary.
pub(crate) fn runner_arguments() -> Result<Option<Vec<OsString>>, TestHarnessError> {
    static ARGUMENTS: OnceLock<Result<Option<Vec<OsString>>, TestHarnessError>> = OnceLock::new();
    ARGUMENTS.get_or_init(find_arguments).clone()
}

fn find_arguments() -> Result<Option<Vec<OsString>>, TestHarnessError> {
    let Ok(executable) = std::env::current_exe() else {
        return Ok(None);
    };
    if !has_test_path(&executable) || !has_harness(&executable).unwrap_or(false) {
        return Ok(None);
    }
    let list = list_tests(&executable).map_err(|e| TestHarnessError::NotListed(e.to_string()))?;
    let test = only_runner(&list)?;
    let arguments = [test, "--exact", "--nocapture", "--test-threads=1"];
    Ok(Some(arguments.map(OsString::from).to_vec()))
}

/// Whether this is where Cargo puts test binaries.
fn has_test_path(executable: &Path) -> bool {
    const HASH_DIGITS: usize = 16;
    let in_deps = executable
        .parent()
        .and_then(Path::file_name)
        .is_some_and(|folder| folder == "deps");
    let has_hash = executable
        .file_stem()
        .and_then(|name| name.to_str()?.rsplit_once('-'))
        .is_some_and(|(_, hash)| {
            hash.len() == HASH_DIGITS && hash.bytes().all(|c| c.is_ascii_hexdigit())
        });
    in_deps && has_hash
}

/// Whether Rust's test harness is linked into this file.
fn has_harness(executable: &Path) -> io::Result<bool> {
    // Backwards, so that this crate does not bring the name into every executable.
    let mark: String = "SDAERHT_TSET_TSUR".chars().rev().collect();
    contains(File::open(executable)?, &mark)
}

fn contains(mut file: impl Read, mark: &str) -> io::Result<bool> {
    const CHUNK: usize = 64 * 1024;
    let mut window = Vec::with_capacity(CHUNK + mark.len());
    while file.by_ref().take(CHUNK as u64).read_to_end(&mut window)? > 0 {
        if window
            .utf8_chunks()
            .any(|piece| piece.valid().contains(mark))
        {
            return Ok(true);
        }
        // The mark may lie across the border of two chunks.
        let rest = window.len().saturating_sub(mark.len());
        window.drain(..rest);
    }
    Ok(false)
}

fn list_tests(executable: &Path) -> io::Result<String> {
    let output = Command::new(executable)
        .args(["--list", "--format", "terse"])
        .env_remove(lifeline::VARIABLE)
        .stdin(Stdio::null())
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn only_runner(list: &str) -> Result<&str, TestHarnessError> {
    let runners: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .filter(|test| test.rsplit("::").next() == Some(TEST_NAME))
        .collect();
    match runners[..] {
        [] => Err(TestHarnessError::NoTestRunner),
        [runner] => Ok(runner),
        [..] => {
            let runners = runners.into_iter().map(str::to_owned).collect();
            Err(TestHarnessError::SeveralTestRunners(runners))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_test_binary_is_recognized() {
        let executable = std::env::current_exe().unwrap();
        assert!(has_test_path(&executable));
        assert!(has_harness(&executable).unwrap());
    }

    #[test]
    fn paths_of_programs_are_not_paths_of_tests() {
        for path in [
            "/app/target/debug/thumbnails",
            "/app/target/debug/deps/thumbnails",
            "/app/target/debug/thumbnails-0123456789abcdef",
            "/app/target/debug/deps/thumbnails-0123456789abcdeg",
            "/app/target/debug/deps/thumbnails-0123",
        ] {
            assert!(!has_test_path(Path::new(path)), "{path}");
        }
        let test = "/app/target/debug/deps/thumbnails-0123456789abcdef";
        assert!(has_test_path(Path::new(test)));
    }

    #[test]
    fn a_mark_across_the_border_of_two_chunks_is_found() {
        for before in 65_500..65_560 {
            let mut bytes = vec![0xff; before];
            bytes.extend_from_slice(b"the mark");
            bytes.extend_from_slice(&[0xff; 100]);
            assert!(
                contains(&bytes[..], "the mark").unwrap(),
                "after {before} bytes"
            );
            assert!(!contains(&bytes[..], "another mark").unwrap());
        }
    }

    #[test]
    fn the_runner_is_found_in_its_module() {
        let list = "a_test: test\npools::flame_test_runner: test\nnot_flame_test_runner: test\n";
        assert_eq!(only_runner(list), Ok("pools::flame_test_runner"));
    }

    #[test]
    fn no_runner_and_two_runners_are_errors_that_name_the_macro() {
        let none = only_runner("a_test: test\n").unwrap_err();
        assert!(none.to_string().contains("flame::test_runner!"));

        let two = only_runner("a::flame_test_runner: test\nb::flame_test_runner: test\n");
        assert_eq!(
            two.unwrap_err().to_string(),
            "a test binary needs one `flame::test_runner!(setup)`, but this one has \
             a::flame_test_runner, b::flame_test_runner"
        );
    }
}
