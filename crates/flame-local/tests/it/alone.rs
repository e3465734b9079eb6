//! Tests that need a process of their own, because they look at it as a whole.

use std::env;
use std::process::{Command, Stdio};

const VARIABLE: &str = "FLAME_TEST_IS_ALONE";

/// Runs the body of the test with this path in a copy of this test binary where nothing else runs.
///
/// The copy comes here as well, and does it.
pub(crate) fn alone(test: &str, body: impl Future<Output = ()>) {
    if env::var_os(VARIABLE).is_some() {
        return tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(body);
    }
    let status = this_test_binary(test).env(VARIABLE, "1").status().unwrap();
    assert!(status.success(), "{test} failed, alone in a process");
}

/// A copy of this test binary that runs one test.
pub(crate) fn this_test_binary(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .stdin(Stdio::null());
    command
}
