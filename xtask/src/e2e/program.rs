use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::Signal;
use tempfile::TempDir;

use super::ended::{Ended, said};
use super::process::Process;

/// The variable that all processes of one start inherit.
pub(super) const MARK: &str = "FLAME_E2E_MARK";
/// How long a program may take for what takes moments.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a runner may need to notice that its parent is gone, on a busy host.
const NOTICED_WITHIN: Duration = Duration::from_secs(10);
/// How often to look at what cannot be waited for.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A program that was started, and all processes that come from it.
///
/// Its output goes into files: a runner that outlives its parent would keep a pipe open, and whoever waits for
/// the end of it would wait forever instead of finding the runner.
pub(crate) struct Program {
    child: Child,
    mark: String,
    output: TempDir,
    started_at: Instant,
}

impl Program {
    /// Starts it. Its standard input stays open until [`close_stdin`](Self::close_stdin).
    pub(crate) fn start(mut command: Command) -> anyhow::Result<Self> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{number}", std::process::id());
        let output = tempfile::tempdir()?;
        let child = command
            .env(MARK, &mark)
            // Backtraces would fill the few lines of a runner's last words.
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::piped())
            .stdout(File::create(output.path().join("stdout"))?)
            .stderr(File::create(output.path().join("stderr"))?)
            .spawn()
            .with_context(|| format!("{} does not start", command.get_program().display()))?;
        Ok(Self {
            child,
            mark,
            output,
            started_at: Instant::now(),
        })
    }

    /// Starts it, waits for its end, and makes sure that none of its processes is left.
    pub(crate) fn run(command: Command) -> anyhow::Result<Ended> {
        let mut program = Self::start(command)?;
        program.close_stdin();
        program.end()
    }

    /// Waits for its end, and makes sure that none of its processes is left: by then, if it ended well.
    pub(crate) fn end(mut self) -> anyhow::Result<Ended> {
        let status = self.wait()?;
        // A program that fails may leave it to its runners to notice that it is gone.
        let patience = if status.success() {
            Duration::ZERO
        } else {
            NOTICED_WITHIN
        };
        self.alone_within(status, patience)
    }

    /// Waits for its end, and for its runners to notice: it has a pool that nobody shuts down.
    pub(crate) fn end_without_shutdown(mut self) -> anyhow::Result<Ended> {
        let status = self.wait()?;
        self.alone_within(status, NOTICED_WITHIN)
    }

    /// As [`end`](Self::end), for a program that takes so long.
    pub(crate) fn end_within(mut self, patience: Duration) -> anyhow::Result<Ended> {
        let status = self.wait_for(patience)?;
        self.alone_within(status, NOTICED_WITHIN)
    }

    fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        self.wait_for(PATIENCE)
    }

    fn wait_for(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if self.started_at.elapsed() > patience {
                bail!("it did not end within {patience:?}{}", self.said());
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    fn alone_within(mut self, status: ExitStatus, patience: Duration) -> anyhow::Result<Ended> {
        self.wait_until_gone(patience, &[])
            .with_context(|| format!("it ended with {status} and is not alone"))?;
        Ok(Ended {
            status,
            pid: self.child.id(),
            stdout: self.read("stdout"),
            stderr: self.read("stderr"),
        })
    }

    /// Lets it see the end of its standard input.
    pub(crate) fn close_stdin(&mut self) {
        self.child.stdin = None;
    }

    /// Kills the first process alone, with the signal that cannot be caught.
    pub(crate) fn kill_parent(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until it has printed a line that contains `part`, and returns that line.
    pub(crate) fn wait_for_line(&mut self, part: &str) -> anyhow::Result<String> {
        let found = |text: String| Some(text.lines().find(|line| line.contains(part))?.to_owned());
        self.wait_until(&format!("had printed {part:?}"), PATIENCE, |program| {
            ["stdout", "stderr"]
                .into_iter()
                .find_map(|stream| found(program.read(stream)))
        })
    }

    /// Waits until nothing is left of it but the processes that `may_stay`, and says how long that took.
    pub(crate) fn wait_until_gone(
        &mut self,
        within: Duration,
        may_stay: &[u32],
    ) -> anyhow::Result<Duration> {
        let started_at = Instant::now();
        self.wait_until("was alone", within, |program| {
            let left = program.processes();
            left.iter()
                .all(|process| may_stay.contains(&process.pid))
                .then_some(())
        })?;
        Ok(started_at.elapsed())
    }

    fn wait_until<T>(
        &self,
        what: &str,
        within: Duration,
        mut look: impl FnMut(&Self) -> Option<T>,
    ) -> anyhow::Result<T> {
        let started_at = Instant::now();
        loop {
            if let Some(seen) = look(self) {
                return Ok(seen);
            }
            if started_at.elapsed() > within {
                bail!(
                    "waited {within:?} until it {what}; there are {:?}{}",
                    self.processes(),
                    self.said()
                );
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until `look` sees something that this program has done elsewhere.
    pub(crate) fn wait_until_seen<T>(
        &self,
        what: &str,
        look: impl Fn() -> Option<T>,
    ) -> anyhow::Result<T> {
        self.wait_until(what, PATIENCE, |_| look())
    }

    /// Asks it to end, as from a keyboard.
    pub(crate) fn interrupt(&self) {
        let process = Process::at(&Path::new("/proc").join(self.pid().to_string()));
        // It may have ended by itself, and then that is seen.
        if let Some(process) = process {
            process.signal(Signal::INT);
        }
    }

    /// Fails if it has ended, or runs for too long.
    pub(crate) fn is_running(&self) -> anyhow::Result<()> {
        let parent = self.processes();
        let parent = parent.iter().find(|process| process.pid == self.pid());
        let is_over = parent.is_none_or(|parent| parent.is_zombie_of(std::process::id()));
        if is_over || self.started_at.elapsed() > PATIENCE {
            bail!(
                "it ended too early, or did not end within {PATIENCE:?}{}",
                self.said()
            );
        }
        Ok(())
    }

    /// The process that was started first.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All processes that come from it and have not ended, and its children that nobody has waited for.
    pub(crate) fn processes(&self) -> Vec<Process> {
        let mark = format!("{MARK}={}", self.mark);
        let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
        folders
            .filter_map(|folder| Process::at(&folder.path()))
            .filter(|process| process.has(&mark) || process.is_zombie_of(self.child.id()))
            .collect()
    }

    /// What it has printed so far on `stdout` or `stderr`.
    pub(crate) fn read(&self, stream: &str) -> String {
        let bytes = fs::read(self.output.path().join(stream)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What it printed, for an error.
    fn said(&self) -> String {
        said(&self.read("stdout"), &self.read("stderr"))
    }
}

/// A check that fails half way leaves nothing running either.
impl Drop for Program {
    fn drop(&mut self) {
        for process in self.processes() {
            process.kill();
        }
        // Nothing can be done for a check that has failed already.
        let _ = self.child.wait();
        let _ = self.wait_until_gone(PATIENCE, &[]);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
