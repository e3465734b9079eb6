//! The life of a machine, from when it is created until it is destroyed.

mod environment;
mod files;
mod policy;
mod process;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep, sleep_until};

use crate::boot_script::{BootScript, Course};
use crate::exit::{Exit, SIGKILL};
use crate::order::Order;
use crate::program::Program;
use crate::shared::Shared;
use crate::state::State;
use policy::{Policy, Retries};
use process::Process;

/// Carries out what happens to one machine.
#[derive(Debug)]
pub(crate) struct Life {
    shared: Arc<Shared>,
    id: String,
    orders: UnboundedReceiver<Order>,
    script: BootScript,
    retries: Retries,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Boot,
    Rest,
    Gone,
}

impl Life {
    pub(crate) fn new(
        shared: Arc<Shared>,
        id: String,
        orders: UnboundedReceiver<Order>,
        script: BootScript,
    ) -> Self {
        Self {
            shared,
            id,
            orders,
            script,
            retries: Retries::default(),
        }
    }

    /// Lives it.
    pub(crate) async fn live(mut self, launches: bool) {
        self.write_down();
        let mut next = if launches { Next::Boot } else { Next::Rest };
        loop {
            next = match next {
                Next::Boot => self.boot().await,
                Next::Rest => self.rest().await,
                Next::Gone => break,
            };
        }
        self.shared.change(|world| {
            let event = ("destroy", "destroyed", "flyd");
            world.tell(&self.id, event, Some(Value::Null));
            world.enter(&self.id, State::Destroyed);
        });
        self.write_down();
    }

    /// Waits until it is told to start, or to be gone.
    async fn rest(&mut self) -> Next {
        loop {
            match self.orders.recv().await {
                Some(Order::Start) => return Next::Boot,
                Some(Order::Destroy) | None => return Next::Gone,
                Some(Order::Stop { .. } | Order::End(_)) => {}
            }
        }
    }

    async fn boot(&mut self) -> Next {
        let pull = self.shared.world().config.pull;
        if self
            .is_destroyed_within(pull + self.script.created_for)
            .await
        {
            return Next::Gone;
        }
        if matches!(self.script.course, Course::PullFails) {
            return self.launch_failed();
        }
        self.enter(State::Starting);
        if self.is_destroyed_within(self.script.starting_for).await {
            return Next::Gone;
        }
        let Some(mut process) = self.spawn() else {
            return self.launch_failed();
        };
        self.started(&process);
        let (exit, requested, destroyed) = self.run(&mut process).await;
        process.end_group();
        if let Some(pid) = process.pid() {
            // A watcher that is gone has killed everybody.
            let _ = self.shared.watcher.end(pid);
        }
        if destroyed {
            self.exited(exit, true, State::Destroying, "destroying");
            return Next::Gone;
        }
        let delay = self.shared.world().config.exit_delay;
        if self.is_destroyed_within(delay).await {
            self.exited(exit, true, State::Destroying, "destroying");
            return Next::Gone;
        }
        self.ended(exit, requested)
    }

    /// The program that runs in it, if its image has one and that starts.
    fn spawn(&self) -> Option<Process> {
        match self.script.course {
            Course::Exits(code) => return Some(Process::ended(Exit::code(code))),
            Course::OutOfMemory => return Some(Process::ended(Exit::out_of_memory())),
            Course::NeverDials => return Some(Process::pretended()),
            Course::Runs | Course::PullFails => {}
        }
        let program = {
            let world = self.shared.world();
            let image = world.any_vm(&self.id)?.image();
            world.config.images.get(image)?.clone()
        };
        let Program::Process { path, args, pass } = &program else {
            return Some(Process::pretended());
        };
        let started = environment::command(&self.shared, &self.id, path, args, pass)
            .and_then(|(command, files)| Process::start(command, files, &self.shared, &self.id));
        match started {
            Ok(process) => Some(process),
            Err(error) => {
                let line = format!("{} does not start: {error}", path.display());
                self.shared.change(|world| {
                    if let Some(vm) = world.any_vm_mut(&self.id) {
                        vm.say(line);
                    }
                });
                None
            }
        }
    }

    fn started(&self, process: &Process) {
        if self.script.is_frozen {
            process.freeze();
        }
        self.shared.change(|world| {
            world.enter(&self.id, State::Started);
            world.tell(&self.id, ("start", "started", "flyd"), Some(json!({})));
            for _ in 0..self.script.flood {
                world.tell(&self.id, ("update", "replacing", "user"), None);
            }
            if let Some(vm) = world.any_vm_mut(&self.id) {
                vm.pid = process.pid();
                if self.script.is_unreachable {
                    vm.host_status = "unreachable";
                }
            }
        });
        self.write_down();
    }

    /// Waits for the end of the program: how it ended, whether that was asked for, and whether the machine is to
    /// be destroyed.
    async fn run(&mut self, process: &mut Process) -> (Exit, bool, bool) {
        let (mut requested, mut destroyed) = (false, false);
        let mut kill_at: Option<Instant> = None;
        loop {
            let order = tokio::select! {
                exit = process.ends() => return (exit, requested, destroyed),
                order = self.orders.recv() => order,
                () = due(kill_at) => {
                    process.end_group();
                    kill_at = None;
                    continue;
                }
            };
            match order {
                Some(Order::Start) => {}
                Some(Order::Stop { signal, timeout }) => {
                    requested = true;
                    kill_at = Some(Instant::now() + timeout);
                    if !self.script.is_deaf || signal == SIGKILL {
                        process.signal(signal);
                    }
                }
                Some(Order::Destroy) | None => {
                    (requested, destroyed) = (true, true);
                    process.end_group();
                }
                Some(Order::End(exit)) => process.end_as(exit),
            }
        }
    }

    /// What becomes of it after its program has ended.
    fn ended(&mut self, exit: Exit, requested: bool) -> Next {
        let (policy, is_auto_destroyed) = {
            let world = self.shared.world();
            let vm = world.any_vm(&self.id);
            let policy = Policy::of(vm.and_then(|vm| vm.configured("restart", "policy")));
            (policy, vm.is_some_and(|vm| vm.is_auto_destroyed()))
        };
        let wants_more = !requested && policy.wants_more_after(exit);
        if wants_more && self.retries.take() {
            self.exited(exit, requested, State::Restarting, "restarting");
            self.shared.change(|world| {
                if let Some(vm) = world.any_vm_mut(&self.id) {
                    vm.restarts += 1;
                }
            });
            return Next::Boot;
        }
        if is_auto_destroyed {
            self.exited(exit, requested, State::Stopped, "stopped");
            self.shared.change(|world| world.destroy(&self.id, "flyd"));
            return Next::Gone;
        }
        let rests = if wants_more {
            State::Failed
        } else {
            State::Stopped
        };
        self.exited(exit, requested, rests, rests.name());
        Next::Rest
    }

    fn exited(&self, exit: Exit, requested: bool, state: State, status: &'static str) {
        self.shared.change(|world| {
            let restarts = world.any_vm(&self.id).map_or(0, |vm| vm.restarts);
            let is_restarting = state == State::Restarting;
            let event = exit.to_json(world.now(), requested, is_restarting, restarts);
            world.tell(&self.id, ("exit", status, "flyd"), Some(event));
            world.enter(&self.id, state);
            if let Some(vm) = world.any_vm_mut(&self.id) {
                vm.pid = None;
            }
        });
        self.write_down();
    }

    /// Such a machine is destroyed, whatever its configuration says.
    fn launch_failed(&self) -> Next {
        self.shared.change(|world| {
            world.enter(&self.id, State::LaunchFailed);
            // How the real API spells it is not recorded.
            world.tell(&self.id, ("launch", "failed", "flyd"), Some(Value::Null));
        });
        self.write_down();
        self.shared.change(|world| world.destroy(&self.id, "flyd"));
        Next::Gone
    }

    fn enter(&self, state: State) {
        self.shared.change(|world| world.enter(&self.id, state));
        self.write_down();
    }

    async fn is_destroyed_within(&mut self, span: Duration) -> bool {
        if span.is_zero() {
            return false;
        }
        let is_over = sleep(span);
        tokio::pin!(is_over);
        loop {
            tokio::select! {
                () = &mut is_over => return false,
                order = self.orders.recv() => match order {
                    Some(Order::Destroy) | None => return true,
                    Some(Order::Start | Order::Stop { .. } | Order::End(_)) => {}
                },
            }
        }
    }

    fn write_down(&self) {
        if let Some(file) = &self.shared.file {
            let line = self.shared.world().line_of(&self.id);
            file.add("machine", &line);
        }
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
