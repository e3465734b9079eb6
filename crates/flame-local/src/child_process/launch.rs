//! Starting one copy: the command, and the pipes that go with it.

use std::ffi::OsString;
use std::io::{self, PipeWriter, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use flame_core::InstanceName;
use flame_core::backend::lifeline;
use flame_core::backend::{BootRequest, ExitKind, OutputSink, PARENT_VARIABLE, ParentText};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal};

use super::error::StartError;
use super::oom::OomKills;
use super::output::Output;
use super::{STDERR_LINES, Settings};
use crate::{own_lifeline, test_harness};

/// Everything that the start of one copy needs.
pub(super) struct Launch {
    settings: Settings,
    name: InstanceName,
    parent: ParentText,
    env: Vec<(String, String)>,
    sink: OutputSink,
}

impl Launch {
    pub(super) fn new(settings: &Settings, request: &BootRequest) -> Self {
        Self {
            settings: settings.clone(),
            name: request.name.clone(),
            parent: request.parent.clone(),
            env: request.env.clone().into_iter().collect(),
            sink: request.output.clone(),
        }
    }

    /// What is started.
    pub(super) fn program(&self) -> PathBuf {
        match &self.settings.program {
            Some(program) => program.clone(),
            None => own_executable(),
        }
    }

    /// The command line, for people to read.
    pub(super) fn preview(&self) -> String {
        // A name that says more than `/proc/self/exe`.
        let own = std::env::current_exe().unwrap_or_else(|_| own_executable());
        let program = self.settings.program.clone().unwrap_or(own);
        match self.arguments() {
            Ok(arguments) => {
                let words = arguments.iter().map(|word| word.to_string_lossy());
                let words: Vec<_> = [program.to_string_lossy()]
                    .into_iter()
                    .chain(words)
                    .collect();
                format!("start {}", words.join(" "))
            }
            Err(error) => format!("start {}: {error}", program.display()),
        }
    }

    /// Starts the copy. Blocks for as long as that takes.
    pub(super) fn start(&self) -> Result<Process, StartError> {
        if own_lifeline::is_untaken() {
            return Err(StartError::RunnerNotTaken);
        }
        let mut command = self.command()?;
        let text = lifeline::encode(&self.parent)?;
        self.spawn(&mut command, &text)
            .map_err(|source| StartError::spawn(self.program(), source))
    }

    fn command(&self) -> Result<Command, StartError> {
        let mut command = Command::new(self.program());
        command.args(self.arguments()?);
        if self.settings.program.is_none()
            && let Some(own_name) = std::env::args_os().next()
        {
            command.arg0(own_name);
        }
        command.env_remove(PARENT_VARIABLE);
        for (key, value) in &self.settings.env {
            match value {
                Some(value) => command.env(key, value),
                None => command.env_remove(key),
            };
        }
        command.envs(self.env.iter().map(|(key, value)| (key, value)));
        // Not `pre_exec`: with it, the process would be forked, which takes longer the more memory
        // this one has.
        command.process_group(0);
        Ok(command)
    }

    fn arguments(&self) -> Result<Vec<OsString>, StartError> {
        if let Some(args) = &self.settings.args {
            return Ok(args.clone());
        }
        if self.settings.program.is_none()
            && let Some(args) = test_harness::runner_arguments()?
        {
            return Ok(args);
        }
        Ok(std::env::args_os().skip(1).collect())
    }

    fn spawn(&self, command: &mut Command, text: &[u8]) -> io::Result<Process> {
        let (lifeline_end, lifeline) = io::pipe()?;
        let (stdout, stdout_end) = io::pipe()?;
        let (stderr, stderr_end) = io::pipe()?;
        write_at_once(&lifeline, text)?;
        command.env(
            lifeline::VARIABLE,
            own_lifeline::identity(&lifeline_end)?.to_string(),
        );

        // Started before the process, so that its failure leaves no process behind.
        let lines = self.settings.stderr_lines.unwrap_or(STDERR_LINES);
        let output = Output::read(stdout, stderr, &self.sink, lines)?;
        let spawned = command
            .stdin(lifeline_end)
            .stdout(stdout_end)
            .stderr(stderr_end)
            .spawn();
        // The command holds this process's copies of the copy's ends.
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = match spawned {
            Ok(child) => child,
            Err(error) => {
                // Nothing was written; but the readers shall have closed their ends.
                output.into_tail();
                return Err(error);
            }
        };

        tracing::debug!(instance = %self.name, pid = child.id(), "started a child process");
        Ok(Process {
            oom_kills: OomKills::since_now(Pid::from_child(&child)),
            child,
            _lifeline: lifeline,
            output,
        })
    }
}

/// A process that has been started and not yet been reaped.
pub(super) struct Process {
    child: Child,
    /// Its closing tells the copy that this process is gone.
    _lifeline: PipeWriter,
    output: Output,
    oom_kills: Option<OomKills>,
}

impl Process {
    pub(super) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Reaps the process, which has ended.
    pub(super) fn reap(&mut self) -> ExitKind {
        let how = match self.child.wait() {
            Ok(status) => exit_kind(status),
            Err(_) => ExitKind::Unknown,
        };
        let is_kill = how == ExitKind::Signal(Signal::KILL.as_raw());
        match &self.oom_kills {
            Some(kills) if is_kill && kills.claim() => ExitKind::OutOfMemory,
            Some(_) | None => how,
        }
    }

    /// The lines of standard error that were kept, of a process that has been reaped. All that it wrote has been
    /// handed on.
    pub(super) fn into_stderr_tail(self) -> Vec<String> {
        self.output.into_tail()
    }
}

fn exit_kind(status: ExitStatus) -> ExitKind {
    match (status.code(), status.signal()) {
        (Some(code), _) => ExitKind::Code(code),
        (None, Some(signal)) => ExitKind::Signal(signal),
        (None, None) => ExitKind::Unknown,
    }
}

/// The file that is running. On Linux this names the file itself rather than its path, where a
/// deployment may have put another one.
fn own_executable() -> PathBuf {
    if cfg!(target_os = "linux") {
        return PathBuf::from("/proc/self/exe");
    }
    match std::env::current_exe() {
        Ok(path) => path,
        Err(_) => std::env::args_os().next().unwrap_or_default().into(),
    }
}

/// Writes into an empty pipe, which has room for it; it never waits for a reader.
fn write_at_once(mut pipe: &PipeWriter, bytes: &[u8]) -> io::Result<()> {
    let flags = fcntl_getfl(pipe)?;
    fcntl_setfl(pipe, flags | OFlags::NONBLOCK)?;
    pipe.write_all(bytes)
}
