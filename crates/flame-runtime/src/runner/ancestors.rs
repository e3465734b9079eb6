//! Whether this process was started by the runner that it takes itself for.
//!
//! The environment is inherited by whatever a task starts, and cannot be taken away safely once there are threads.
//! So a process looks at those that it comes from: one of the same program that was told the same is the runner,
//! and this is none. A shell in between was told the same, too, but is another program. Where a system does not
//! show this, and for a process whose starter is gone, the parent's refusal has the last word: the token is spent.

#[cfg(target_os = "linux")]
pub(super) fn include_the_runner(variable: &str, told: &str) -> bool {
    linux::include(&format!("{variable}={told}")).unwrap_or(false)
}

/// Other systems do not show the environment of a process.
#[cfg(not(target_os = "linux"))]
pub(super) fn include_the_runner(_: &str, _: &str) -> bool {
    false
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::os::unix::fs::MetadataExt as _;

    use rustix::process::{Pid, getppid};

    /// No process has more of them.
    const MOST: usize = 1_000;

    /// Whether one of them is this program, and has this in its environment.
    pub(super) fn include(setting: &str) -> io::Result<bool> {
        let own = program("self")?;
        let ancestors = std::iter::successors(getppid(), |process| parent_of(*process));
        Ok(ancestors.take(MOST).any(|process| {
            let process = process.to_string();
            program(&process).is_ok_and(|program| program == own) && has(&process, setting)
        }))
    }

    fn program(process: &str) -> io::Result<(u64, u64)> {
        let file = fs::metadata(format!("/proc/{process}/exe"))?;
        Ok((file.dev(), file.ino()))
    }

    fn has(process: &str, setting: &str) -> bool {
        let environment = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|found| found == setting.as_bytes())
    }

    fn parent_of(process: Pid) -> Option<Pid> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // After the name, which may contain anything: the state, then the parent.
        let (_, after_name) = stat.rsplit_once(')')?;
        Pid::from_raw(after_name.split_whitespace().nth(1)?.parse().ok()?)
    }
}
