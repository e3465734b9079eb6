//! One child process, from the wish for it to its end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use flame_core::backend::{ExitKind, ExitReport, Instance};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::sync::watch;

use super::launch::Process;
use crate::end::End;

/// One child process. The thread that starts it owns the process; everybody else kills it, or waits.
pub(super) struct Child {
    life: Mutex<Life>,
    start: watch::Sender<Start>,
    end: End,
}

/// Whether there is a process that may be killed.
enum Life {
    Starting {
        /// It is to be killed as soon as it exists.
        doomed: bool,
    },
    /// The process has not been reaped, so this id is its own and that of its group.
    Running {
        group: Pid,
    },
    Over,
}

/// How the start went, for those who want the same instance.
#[derive(Clone)]
enum Start {
    Pending,
    Done(Instance),
    Failed,
}

impl Default for Child {
    fn default() -> Self {
        Self {
            life: Mutex::new(Life::Starting { doomed: false }),
            start: watch::Sender::new(Start::Pending),
            end: End::pending(),
        }
    }
}

impl Child {
    /// Kills the process and its group, now or as soon as it exists. Does not wait for its end.
    pub(super) fn kill(&self) {
        match &mut *self.lock() {
            Life::Starting { doomed } => *doomed = true,
            Life::Running { group } => kill_group(*group),
            Life::Over => {}
        }
    }

    /// Waits until the process has been reaped.
    pub(super) fn end(&self) -> impl Future<Output = ExitReport> + Send + use<> {
        self.end.report()
    }

    /// The instance as soon as it has been started, `None` if that failed.
    pub(super) async fn started(&self) -> Option<Instance> {
        let mut start = self.start.subscribe();
        let decided = start
            .wait_for(|start| !matches!(start, Start::Pending))
            .await;
        match decided.as_deref() {
            Ok(Start::Done(instance)) => Some(instance.clone()),
            Ok(Start::Pending | Start::Failed) | Err(_) => None,
        }
    }

    /// There will be no process.
    pub(super) fn give_up(&self) {
        *self.lock() = Life::Over;
        self.start.send_replace(Start::Failed);
        self.end.tell(ExitReport::default());
    }

    /// Stays with the process until it has ended, and buries it. Blocks for all that time.
    pub(super) fn live(&self, mut process: Process, on_start: impl FnOnce(Instance)) {
        let pid = process.pid();
        self.begin(pid);
        let instance = Instance {
            provider_id: format!("pid {pid}"),
        };
        self.start.send_replace(Start::Done(instance.clone()));
        on_start(instance);

        let how = match wait_without_reaping(pid) {
            Ok(()) => self.bury(pid, &mut process),
            Err(error) => {
                // Other code of this process waits for "any child" and has taken the status, so the
                // id may be somebody else's by now.
                tracing::warn!(%pid, %error, "a runner was reaped by other code of this process");
                *self.lock() = Life::Over;
                ExitKind::Unknown
            }
        };
        let stderr_tail = process.into_stderr_tail();
        self.end.tell(ExitReport { how, stderr_tail });
    }

    fn begin(&self, group: Pid) {
        let mut life = self.lock();
        if let Life::Starting { doomed: true } = *life {
            kill_group(group);
        }
        *life = Life::Running { group };
    }

    /// Kills what is left of the group, then reaps its leader.
    ///
    /// In this order, because the dead leader keeps its id from being given to somebody else until it
    /// is reaped; and under the lock, because afterwards nobody may send a signal to that id.
    fn bury(&self, group: Pid, process: &mut Process) -> ExitKind {
        let mut life = self.lock();
        kill_group(group);
        let how = process.reap();
        *life = Life::Over;
        how
    }

    fn lock(&self) -> MutexGuard<'_, Life> {
        // Every change is a single step, so a panic elsewhere leaves nothing half done.
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kill_group(group: Pid) {
    if let Err(error) = kill_process_group(group, Signal::KILL)
        // The group may have died by itself a moment ago.
        && error != Errno::SRCH
    {
        // Some systems also refuse when nothing but the dead leader is left.
        tracing::debug!(%group, %error, "a runner's process group could not be killed");
    }
}

fn wait_without_reaping(pid: Pid) -> Result<(), Errno> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    loop {
        match waitid(WaitId::Pid(pid), options) {
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
}
