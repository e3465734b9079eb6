use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// What it does, for a shell.
const SCRIPT: &str = include_str!("watcher.sh");

/// A process that outlives this one for a moment, and kills the machines that it leaves behind.
///
/// It holds the other end of a pipe, which the system closes however this process ends. The kernel's own means
/// for this is tied to threads and would need unsafe code.
#[derive(Debug)]
pub(crate) struct Watcher {
    child: Mutex<Option<Child>>,
}

impl Watcher {
    /// It starts with the first group.
    pub(crate) fn new() -> Self {
        Self {
            child: Mutex::new(None),
        }
    }

    /// Watches over a group of processes.
    pub(crate) fn add(&self, group: u32) -> io::Result<()> {
        self.tell("add", group)
    }

    /// Forgets a group, whose number may soon be another's.
    pub(crate) fn end(&self, group: u32) -> io::Result<()> {
        self.tell("end", group)
    }

    fn tell(&self, verb: &str, group: u32) -> io::Result<()> {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let child = match child.as_mut() {
            Some(child) => child,
            None => child.insert(start()?),
        };
        let mut stdin = child.stdin.as_ref().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(stdin, "{verb} {group}")
    }
}

/// In a group of its own, so that what interrupts this process spares it.
fn start() -> io::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut child) = child.take() {
            // The end of its input ends it, after it has done its work.
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}
