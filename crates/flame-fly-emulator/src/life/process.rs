use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use crate::exit::{Exit, SIGKILL};
use crate::shared::Shared;

/// What runs in a machine.
#[derive(Debug)]
pub(super) enum Process {
    /// A process that leads a group.
    Real {
        child: Box<Child>,
        pid: Option<Pid>,
        /// How it is said to have ended, whatever ended it.
        said: Option<Exit>,
        /// Its files, which go with it.
        _files: TempDir,
    },
    /// Nothing, until it is told to have ended.
    Pretended(Option<Exit>),
}

impl Process {
    pub(super) fn start(
        mut command: Command,
        files: TempDir,
        shared: &Arc<Shared>,
        id: &str,
    ) -> io::Result<Self> {
        let mut child = command
            .process_group(0)
            .kill_on_drop(true)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(pid) = child.id() {
            shared.watcher.add(pid)?;
        }
        if let Some(stdout) = child.stdout.take() {
            shared.spawn(read(stdout, "out", Arc::clone(shared), id.to_owned()));
        }
        if let Some(stderr) = child.stderr.take() {
            shared.spawn(read(stderr, "err", Arc::clone(shared), id.to_owned()));
        }
        let pid = child.id().and_then(|pid| Pid::from_raw(pid.cast_signed()));
        Ok(Self::Real {
            child: Box::new(child),
            pid,
            said: None,
            _files: files,
        })
    }

    /// Something that runs nothing.
    pub(super) fn pretended() -> Self {
        Self::Pretended(None)
    }

    /// Something that has ended already.
    pub(super) fn ended(exit: Exit) -> Self {
        Self::Pretended(Some(exit))
    }

    pub(super) fn pid(&self) -> Option<u32> {
        match self {
            Self::Real { pid, .. } => pid.map(|pid| pid.as_raw_pid().cast_unsigned()),
            Self::Pretended(_) => None,
        }
    }

    /// Waits for its end. It may be asked again.
    pub(super) async fn ends(&mut self) -> Exit {
        match self {
            Self::Real { child, said, .. } => match child.wait().await {
                Ok(status) => said.unwrap_or_else(|| exit_of(status)),
                // It cannot be waited for, so nobody will ever know.
                Err(_) => Exit::code(1),
            },
            Self::Pretended(Some(exit)) => *exit,
            Self::Pretended(None) => std::future::pending().await,
        }
    }

    /// Sends a signal to the program, as a host does, and not to what that has started. What only pretends to run
    /// takes the hint.
    pub(super) fn signal(&mut self, signal: i32) {
        match self {
            Self::Real { pid, .. } => {
                if let (Some(pid), Some(signal)) = (*pid, Signal::from_named_raw(signal)) {
                    // It may have ended by itself.
                    let _ = kill_process(pid, signal);
                }
            }
            Self::Pretended(end) => {
                *end = Some(match signal {
                    SIGKILL => Exit::signal(signal),
                    _ => Exit::code(0),
                });
            }
        }
    }

    /// Kills it, and all that it has started.
    pub(super) fn end_group(&mut self) {
        match self {
            Self::Real { pid, .. } => {
                if let Some(pid) = *pid {
                    // Usually nobody is left.
                    let _ = kill_process_group(pid, Signal::KILL);
                }
            }
            Self::Pretended(end) => {
                end.get_or_insert_with(|| Exit::signal(SIGKILL));
            }
        }
    }

    /// Stops it, and all that it has started, without ending anything.
    pub(super) fn freeze(&self) {
        if let Self::Real { pid: Some(pid), .. } = self {
            // It may have ended by itself.
            let _ = kill_process_group(*pid, Signal::STOP);
        }
    }

    /// Ends it, and has it that it ended so.
    pub(super) fn end_as(&mut self, exit: Exit) {
        match self {
            Self::Real { said, .. } => {
                *said = Some(exit);
                self.end_group();
            }
            Self::Pretended(end) => *end = Some(exit),
        }
    }
}

fn exit_of(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::code(code),
        (None, Some(signal)) => Exit::signal(signal),
        (None, None) => Exit::code(1),
    }
}

/// Keeps what it writes, until nobody can write any more.
async fn read(stream: impl AsyncRead + Unpin, name: &str, shared: Arc<Shared>, id: String) {
    let mut lines = BufReader::new(stream).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = format!("{name}: {}", String::from_utf8_lossy(&line));
        shared.change(|world| {
            if let Some(vm) = world.any_vm_mut(&id) {
                vm.say(line);
            }
        });
    }
}
