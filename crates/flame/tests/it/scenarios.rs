//! Parents that are to be killed or misled: copies of this test binary that run one of these.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use flame::{ChildProcess, call};

use crate::faults;
use crate::marks::{self, Marks};
use crate::processes::{PATIENCE, eventually};
use crate::tasks::{leaves_a_process, pool, process_id};

/// Names the scenario that a copy of this binary is to play.
const SCENARIO: &str = "FLAME_TEST_SCENARIO";

/// What makes a copy of this binary look for its scenario.
const ARGUMENTS: [&str; 4] = [
    "scenarios::plays_a_scenario",
    "--exact",
    "--nocapture",
    "--test-threads=1",
];

/// A parent in another process. It is killed with its owner.
pub(crate) struct Parent {
    process: Child,
    lines: Receiver<String>,
}

/// Starts a parent that plays the scenario.
pub(crate) fn start(scenario: &str) -> Parent {
    start_with(scenario, |command| command)
}

/// Starts a parent that plays the scenario, after a change of the command.
pub(crate) fn start_with(
    scenario: &str,
    change: impl FnOnce(&mut Command) -> &mut Command,
) -> Parent {
    let mut command = Command::new("/proc/self/exe");
    command
        .args(ARGUMENTS)
        .env(SCENARIO, scenario)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut process = change(&mut command).spawn().unwrap();
    let stdout = BufReader::new(process.stdout.take().unwrap());
    let (said, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let lines = stdout.lines().map_while(Result::ok);
        lines.map(|line| said.send(line)).all(|sent| sent.is_ok())
    });
    Parent { process, lines }
}

impl Parent {
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Waits for what it says after these words.
    pub(crate) fn says(&self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("it never said {words:?}"));
            // The harness may have begun the line.
            if let Some((_, what)) = line.split_once(words) {
                return what.trim().to_owned();
            }
        }
    }

    /// The number that it says after these words.
    pub(crate) fn says_number(&self, words: &str) -> u32 {
        self.says(words).parse().unwrap()
    }

    /// Kills it, and it alone.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Waits for its end.
    pub(crate) async fn end(mut self) -> ExitStatus {
        let mut status = None;
        eventually("the parent has ended", || {
            status = self.process.try_wait().unwrap();
            status.is_some()
        })
        .await;
        status.unwrap()
    }
}

impl Drop for Parent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Does nothing unless it is asked for a scenario.
#[tokio::test]
async fn plays_a_scenario() {
    match std::env::var(SCENARIO).as_deref() {
        Ok("holds_a_crowd") => crate::crowd::hold_a_crowd(0, tell).await,
        Ok("holds_a_laden_crowd") => crate::crowd::hold_a_crowd(4_096, tell).await,
        Ok("holds_a_runner") => holds_a_runner().await,
        Ok("holds_an_idle_runner") => holds_an_idle_runner().await,
        Ok("boots_for_ever") => boots_for_ever().await,
        Ok("freezes") => faults::frozen::freezes().await,
        Ok("is_terminated") => faults::parents::is_terminated().await,
        Ok("has_little_memory") => faults::memory::has_little_memory().await,
        Ok("has_no_descriptors") => faults::host::has_no_descriptors().await,
        Ok("holds_children") => crate::children::hold_children().await,
        Ok("holds_channels") => crate::channels::closing::holds_channels().await,
        Ok("holds_a_remote_runner") => crate::network::holds_a_remote_runner().await,
        Ok("is_attacked") => crate::network::attacks::is_attacked().await,
        Ok("cannot_listen") => faults::host::cannot_listen().await,
        Ok("keeps_secrets") => crate::secrets::keeps_secrets().await,
        Ok("says_without_a_log") => crate::logs::says_without_a_log().await,
        Ok("has_a_talker") => crate::logs::has_a_talker().await,
        Ok(other) => panic!("there is no scenario {other}"),
        Err(_) => {}
    }
}

/// Boots a runner, tells its process id and that of a process which a task has left there, keeps it busy,
/// and waits to be killed.
async fn holds_a_runner() {
    let pool = pool("held")
        .cancel_grace(Duration::from_millis(200))
        .start()
        .await
        .unwrap();
    let grandchild = leaves_a_process().on(&pool).await.unwrap();
    tell(&format!("grandchild: {grandchild}"));
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

/// Boots a runner, tells its process id and that of a process which a task has left there, and waits to be killed.
async fn holds_an_idle_runner() {
    let pool = pool("idle").start().await.unwrap();
    let grandchild = leaves_a_process().on(&pool).await.unwrap();
    tell(&format!("grandchild: {grandchild}"));
    let there = call!(pool, || async move { std::process::id() })
        .await
        .unwrap();
    tell(&format!("booted: {there}"));
    std::future::pending::<()>().await;
}

/// Tells a copy to leave a mark here and never to come to `serve()`.
pub(crate) const HANGS: &str = "FLAME_TEST_HANGS";

/// What a runner does before it serves.
pub(crate) async fn hang_if_told() {
    if let Ok(mark) = std::env::var(HANGS) {
        marks::leave(&mark);
        std::future::pending::<()>().await;
    }
}

/// Boots a runner that does not come to an end with it, tells its process id, and waits to be killed.
async fn boots_for_ever() {
    let marks = Marks::new();
    let backend = ChildProcess::new().env(HANGS, marks.path("booting"));
    let pool = pool("boots_for_ever")
        .backend(backend)
        .start()
        .await
        .unwrap();
    let call = tokio::spawn(process_id().on(&pool).no_timeout());
    tell(&format!("booting: {}", marks.says("booting").await));
    call.await.unwrap().unwrap();
}

/// Says a line to the test.
#[expect(clippy::print_stdout, reason = "this is how the test hears from it")]
pub(crate) fn tell(line: &str) {
    println!("{line}");
}
