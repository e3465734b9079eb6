use std::fmt;
use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// A process of this host, as it was when somebody looked.
pub(crate) struct Process {
    pub(crate) pid: u32,
    name: String,
    environment: Vec<u8>,
    parent: Option<u32>,
    is_zombie: bool,
}

impl Process {
    /// Reads a folder in `/proc`. `None` if it is none of a process that one may look at, or not any more.
    pub(crate) fn at(folder: &Path) -> Option<Self> {
        let pid = folder.file_name()?.to_str()?.parse().ok()?;
        let stat = fs::read_to_string(folder.join("stat")).ok()?;
        // `pid (name) state parent ..`, and the name may hold anything.
        let (before, after) = stat.rsplit_once(") ")?;
        let mut fields = after.split(' ');
        Some(Self {
            pid,
            name: before.split_once('(')?.1.to_owned(),
            environment: fs::read(folder.join("environ")).unwrap_or_default(),
            is_zombie: fields.next() == Some("Z"),
            parent: fields.next().and_then(|parent| parent.parse().ok()),
        })
    }

    /// Whether this variable, given as `NAME=value`, was in its environment when it started.
    pub(crate) fn has(&self, variable: &str) -> bool {
        let mut variables = self.environment.split(|byte| *byte == 0);
        variables.any(|found| found == variable.as_bytes())
    }

    /// Whether it has ended and its parent, which is this one, has not noticed.
    pub(crate) fn is_zombie_of(&self, parent: u32) -> bool {
        self.is_zombie && self.parent == Some(parent)
    }

    /// Whether it runs, and this process has started it.
    pub(crate) fn is_living_child_of(&self, parent: u32) -> bool {
        !self.is_zombie && self.parent == Some(parent)
    }

    /// Ends it at once.
    pub(crate) fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        // It may have ended by itself.
        let _ = pid.map(|pid| kill_process(pid, signal));
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_zombie { ", a zombie" } else { "" };
        write!(f, "{} (pid {}{state})", self.name, self.pid)
    }
}
