//! Runners as child processes: a second copy of the executable, on the same host.
//!
//! # How a copy knows that it is a runner
//!
//! What it is told about its parent is never in its environment: it comes through a pipe on its
//! standard input, whose other end this process keeps open; see
//! [`lifeline`](flame_core::backend::lifeline).
//!
//! # How a copy ends
//!
//! - [`destroy`](Backend::destroy) kills it with SIGKILL, together with its process group: what a task
//!   has started and left behind goes too. The same happens to what is left of the group when the copy
//!   ends by itself. (A task that wants a process to survive its runner gives it a session of its own.)
//! - Dropping the backend kills all its copies in the same way.
//! - When this process dies, of whatever cause, its copies see the end of file on their lifeline and
//!   end themselves.
//!
//! A process group of its own also means that Ctrl-C at a terminal reaches the parent alone, which then
//! drains its runners.
//!
//! # Threads, not tasks
//!
//! Each copy is started and waited for by a thread, and what it writes is read by two others. They
//! sleep nearly always and their stacks are small. What they buy: a copy is reaped even when the
//! runtime that asked for it is gone; no SIGCHLD handler is installed on any system; eight boots do not
//! queue behind one another on the runtime's thread; and a parent whose own output is blocked keeps its
//! heartbeats.

mod child;
mod error;
mod launch;
mod oom;
mod output;
mod table;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    Reach,
};

pub use error::{SpawnError, StartError};
use launch::Launch;
use table::Table;

/// How many of the last lines of a copy's standard error are kept for its [`ExitReport`].
///
/// When a backtrace has pushed out what it was about, a quarter of them are the lines before it.
pub const STDERR_LINES: usize = 20;

/// Boots each runner as a second copy of this executable.
///
/// The copy gets this process's arguments and environment, so that it reads its configuration as its
/// parent did. What it writes, and what its child processes write, goes line by line to
/// [`BootRequest::output`]; the last lines of its standard error are kept, to be shown when a boot fails or a
/// runner is lost. On Linux, a copy that the
/// kernel has killed for its memory use is reported as [`ExitKind::OutOfMemory`](flame_core::backend::ExitKind::OutOfMemory).
///
/// ```
/// use flame_local::ChildProcess;
///
/// let backend = ChildProcess::new()
///     .args(["--config", "runner.toml"])
///     .env("RUST_LOG", "info");
/// # let _ = backend;
/// ```
pub struct ChildProcess {
    settings: Settings,
    children: Table,
}

/// What is common to all copies that a backend starts.
#[derive(Clone, Default)]
struct Settings {
    program: Option<PathBuf>,
    args: Option<Vec<OsString>>,
    /// In the order in which they were asked for; `None` takes the variable away.
    env: Vec<(OsString, Option<OsString>)>,
    stderr_lines: Option<usize>,
}

impl ChildProcess {
    /// A backend that starts this executable with this process's own arguments.
    pub fn new() -> Self {
        Self {
            settings: Settings::default(),
            children: Table::default(),
        }
    }

    /// Replaces the arguments, which are this process's own if this is not called.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.settings.args = Some(args.into_iter().map(Into::into).collect());
        self
    }

    /// Starts another program. It is found as [`std::process::Command::new`] finds it.
    ///
    /// Without this, it is the executable that is running: on Linux the very file, even after a
    /// deployment has put another one in its place.
    #[must_use]
    pub fn program(mut self, program: impl Into<PathBuf>) -> Self {
        self.settings.program = Some(program.into());
        self
    }

    /// Sets an environment variable of the copies. A pool's own variables go over it.
    #[must_use]
    pub fn env(mut self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.settings.env.push((key.into(), Some(value.into())));
        self
    }

    /// Keeps an environment variable of this process from the copies.
    #[must_use]
    pub fn env_remove(mut self, key: impl Into<OsString>) -> Self {
        self.settings.env.push((key.into(), None));
        self
    }

    /// How many lines of standard error are kept; [`STDERR_LINES`] if this is not called.
    #[must_use]
    pub fn stderr_lines(mut self, lines: usize) -> Self {
        self.settings.stderr_lines = Some(lines);
        self
    }
}

impl Default for ChildProcess {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ChildProcess {
    /// Shows no value of a variable and no argument: either may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables: Vec<_> = self.settings.env.iter().map(|(key, _)| key).collect();
        f.debug_struct("ChildProcess")
            .field("program", &self.settings.program)
            .field("env", &variables)
            .field("instances", &self.children.len())
            .finish_non_exhaustive()
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        self.children.kill_all();
    }
}

#[async_trait]
impl Backend for ChildProcess {
    fn name(&self) -> &str {
        "child process"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::SameHost,
            list: false,
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        loop {
            let child = match self.children.find_or_insert(&request.name) {
                table::Entry::New(child) => {
                    let launch = Launch::new(&self.settings, request);
                    return self.children.start(child, &request.name, launch).await;
                }
                table::Entry::Known(child) => child,
            };
            if let Some(instance) = child.started().await {
                return Ok(instance);
            }
            // It could not be started, which its creator has been told. This caller tries anew.
        }
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        if let Some(child) = self.children.get(name) {
            child.kill();
            child.end().await;
            self.children.remove(name, &child);
        }
        Ok(())
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        match self.children.get(name) {
            Some(child) => child.end().await,
            None => ExitReport::default(),
        }
    }

    /// Always empty: a child process does not outlive its parent, so there is nothing to find.
    fn preview(&self, request: &BootRequest) -> Option<String> {
        Some(Launch::new(&self.settings, request).preview())
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        Ok(Vec::new())
    }
}
