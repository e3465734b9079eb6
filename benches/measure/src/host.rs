use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

/// On what, of what and when this was measured.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) lines: Vec<(&'static str, String)>,
}

impl Host {
    pub(crate) fn of(
        workspace: &Path,
        rounds: usize,
        seed: u64,
        quick: bool,
    ) -> anyhow::Result<Self> {
        let load = fs::read_to_string("/proc/loadavg").context("the system tells no load")?;
        let load = load.split(' ').next().unwrap_or_default();
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
        let cores = std::thread::available_parallelism()?;
        let lock = fs::read_to_string(workspace.join("benches/Cargo.lock"))?;
        let version = |name| locked(&lock, name).unwrap_or("?");
        let versions = format!(
            "tokio {}, tonic {}, hyper {}, h2 {}, procspawn {}",
            version("tokio"),
            version("tonic"),
            version("hyper"),
            version("h2"),
            version("procspawn")
        );
        let short = if quick { ", short" } else { "" };
        let lines = vec![
            ("date", said(workspace, "date -u +%Y-%m-%d")),
            ("commit", commit(workspace)),
            ("processor", format!("{}, {cores} cores", processor())),
            ("memory", memory()),
            ("kernel", format!("Linux {}", kernel.trim())),
            ("compiler", said(workspace, "rustc --version")),
            ("versions", versions),
            ("load before", weighed(load, cores.get())),
            ("rounds", format!("{rounds}{short}, seed {seed}")),
        ];
        Ok(Self { lines })
    }
}

/// The load, and whether others kept the processor busy.
fn weighed(load: &str, cores: usize) -> String {
    let is_busy = load
        .parse()
        .is_ok_and(|load: f64| load > cores as f64 / 2.0);
    let warning = if is_busy {
        ": **busy, so these numbers say little**"
    } else {
        ""
    };
    format!("{load} on {cores} cores{warning}")
}

fn commit(workspace: &Path) -> String {
    let commit = said(workspace, "git rev-parse --short=12 HEAD");
    let changed = said(workspace, "git status --porcelain --untracked-files=no");
    if changed.is_empty() {
        return commit;
    }
    format!("{commit}, with changes")
}

/// What a program says.
fn said(workspace: &Path, line: &str) -> String {
    let mut words = line.split(' ');
    let mut command = Command::new(words.next().unwrap_or_default());
    let output = command.args(words).current_dir(workspace).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_else(|_| "?".to_owned())
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let name = name.map(|name| name.trim_start_matches(['\t', ':', ' ']));
    name.unwrap_or("?").to_owned()
}

fn memory() -> String {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kibibytes = text.split_whitespace().nth(1);
    let kibibytes: f64 = kibibytes.and_then(|it| it.parse().ok()).unwrap_or(f64::NAN);
    format!("{:.0} GiB", kibibytes / f64::from(1 << 20))
}

/// The version of a package in a lock file.
fn locked<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let header = format!("name = \"{name}\"\nversion = \"");
    let rest = lock.split_once(&header)?.1;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_machine_is_said_to_be_one() {
        assert_eq!(weighed("0.42", 2), "0.42 on 2 cores");
        assert!(weighed("1.20", 2).contains("busy"));
    }

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let lock = "[[package]]\nname = \"tonic\"\nversion = \"0.14.9\"\n";
        assert_eq!(locked(lock, "tonic"), Some("0.14.9"));
        assert_eq!(locked(lock, "ton"), None);
    }
}
