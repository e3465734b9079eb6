use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use super::FOLDER;
use crate::marks::Marks;
use crate::processes::eventually;
use crate::scenarios::{Parent, start_with};

/// How long an honest call may take beside an attack.
const CALL: Duration = Duration::from_secs(1);

/// A parent that is attacked.
pub(super) struct Attacked {
    pub(super) parent: Parent,
    pub(super) address: SocketAddr,
    pub(super) marks: Marks,
    descriptors: usize,
    threads: usize,
    kilobytes: u64,
}

impl Attacked {
    pub(super) fn start() -> Self {
        Self::start_with(|command| command)
    }

    pub(super) fn start_with(change: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let marks = Marks::new();
        let parent = start_with("is_attacked", |command| {
            change(command.env(FOLDER, marks.path("")))
        });
        let address = parent.says("listening on:").parse().unwrap();
        Self {
            descriptors: entries(parent.pid(), "fd"),
            threads: entries(parent.pid(), "task"),
            kilobytes: resident(parent.pid()),
            parent,
            address,
            marks,
        }
    }

    /// Honest calls have noticed nothing, all is as it was, and these reasons to turn somebody away were counted.
    pub(super) async fn turns_out_unharmed(self, reasons: &[&str]) {
        let pid = self.parent.pid();
        eventually("the connections of strangers are closed", || {
            entries(pid, "fd") <= self.descriptors
        })
        .await;
        eventually("there are as many threads as before", || {
            entries(pid, "task") <= self.threads
        })
        .await;
        let grown = resident(pid).saturating_sub(self.kilobytes);
        assert!(grown < 50_000, "it grew by {grown} KB");
        self.marks.leave("enough");
        assert!(self.parent.says_number("calls:") >= 20);
        let slowest = self.parent.says_number("the slowest took ms:");
        assert!(u128::from(slowest) < CALL.as_millis(), "{slowest} ms");
        assert_eq!(self.parent.says("another runner:"), "booted");
        let refused = self.parent.says("refused:");
        for reason in reasons.iter().filter(|_| cfg!(feature = "metrics")) {
            assert!(
                refused.split(' ').any(|counted| counted == *reason),
                "{reason} is not among {refused}"
            );
        }
        assert!(self.parent.end().await.success());
    }
}

#[cfg(feature = "metrics")]
static RECORDER: std::sync::OnceLock<metrics_exporter_prometheus::PrometheusHandle> =
    std::sync::OnceLock::new();

/// From now on they are counted in this process, which has no other recorder.
pub(super) fn counts_refusals() {
    #[cfg(feature = "metrics")]
    RECORDER.get_or_init(|| {
        metrics_exporter_prometheus::PrometheusBuilder::new()
            .install_recorder()
            .unwrap()
    });
}

/// For which reasons somebody was turned away.
pub(super) fn refused_in_this_process() -> String {
    #[cfg(feature = "metrics")]
    let told = RECORDER.get().unwrap().render();
    #[cfg(not(feature = "metrics"))]
    let told = String::new();
    let reasons = told.lines().filter_map(|line| {
        let counted = line.strip_prefix("flame_handshakes_refused_total{reason=\"")?;
        Some(counted.split_once('"')?.0)
    });
    reasons.collect::<Vec<_>>().join(" ")
}

/// How many descriptors or threads the process has.
fn entries(pid: u32, of: &str) -> usize {
    fs::read_dir(format!("/proc/{pid}/{of}")).unwrap().count()
}

/// How much memory the process has, in kilobytes.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().split_whitespace().next().unwrap();
    number.parse().unwrap()
}
