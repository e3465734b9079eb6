//! Parents that are to be killed or misled: copies of this test binary that run one of these.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use flame::{ChildProcess, call};

use crate::tasks::pool;

/// Names the scenario that a copy of this binary is to play.
const SCENARIO: &str = "FLAME_TEST_SCENARIO";

/// Starts a parent in another process; what it prints can be read from its standard output.
pub(crate) fn start(scenario: &str) -> Child {
    Command::new("/proc/self/exe")
        .args([
            "scenarios::plays_a_scenario",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(SCENARIO, scenario)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Does nothing unless it is asked for a scenario.
#[tokio::test]
async fn plays_a_scenario() {
    match std::env::var(SCENARIO).as_deref() {
        Ok("holds_a_crowd") => crate::crowd::hold_a_crowd(0, tell).await,
        Ok("holds_a_laden_crowd") => crate::crowd::hold_a_crowd(4_096, tell).await,
        Ok("holds_a_runner") => holds_a_runner().await,
        Ok(other) => panic!("there is no scenario {other}"),
        Err(_) => {}
    }
}

/// Boots a runner, tells its process id, keeps it busy, and waits to be killed.
async fn holds_a_runner() {
    // The runner must not play the scenario of its parent.
    let backend = ChildProcess::new().env_remove(SCENARIO);
    let pool = pool("held")
        .cancel_grace(Duration::from_millis(200))
        .backend(backend)
        .start()
        .await
        .unwrap();
    let there = call!(pool, || async move { std::process::id() })
        .await
        .unwrap();
    tell(&format!("booted: {there}"));
    // Work that does not stop when it is told to.
    let _ = call!(pool, || loop {
        std::thread::park();
    } as ())
    .await;
}

#[expect(clippy::print_stdout, reason = "this is how the test hears from it")]
fn tell(line: &str) {
    println!("{line}");
}
