use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::net::TcpListener;

use crate::boot_script::BootScript;
use crate::config::EmulatorConfig;
use crate::exchange::Exchange;
use crate::exit::Exit;
use crate::fault::{Fault, Kind, Recipe};
use crate::http::serve;
use crate::journal_file::JournalFile;
use crate::order::Order;
use crate::shared::Shared;
use crate::token::bare;
use crate::vm::Vm;
use crate::vm_view::VmView;
use crate::world::World;

/// A stand-in for the Fly Machines API, and the host of its machines.
///
/// It runs in tasks of the tokio runtime that started it, on its clock. When it is dropped, all of its machines
/// are killed.
///
/// # Examples
///
/// ```
/// use flame_fly_emulator::{Emulator, EmulatorConfig, Program};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let config = EmulatorConfig::new("my-app")
///     .token("canary-token")
///     .image("registry.example/app:1", Program::Pretended);
/// let emulator = Emulator::start(config).await?;
/// assert!(emulator.base_url().starts_with("http://127.0.0.1:"));
/// assert!(emulator.machines().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Emulator {
    shared: Arc<Shared>,
    address: SocketAddr,
}

impl Emulator {
    /// Listens, and answers from then on.
    ///
    /// # Errors
    ///
    /// When it cannot listen where it is told to.
    pub async fn start(config: EmulatorConfig) -> io::Result<Self> {
        Self::begin(config, None).await
    }

    /// The same, and it writes what happens to the end of a file: a line of JSON for each request that was
    /// answered, and for each new state of a machine.
    ///
    /// # Errors
    ///
    /// When it cannot listen where it is told to, or write there.
    pub async fn start_with_journal(config: EmulatorConfig, path: &Path) -> io::Result<Self> {
        Self::begin(config, Some(JournalFile::create(path)?)).await
    }

    async fn begin(config: EmulatorConfig, file: Option<JournalFile>) -> io::Result<Self> {
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let shared = Shared::new(World::new(config), file);
        shared.spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, address })
    }

    /// Where it answers. Clients append `/v1/…`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its time of day, which follows tokio's clock.
    #[must_use]
    pub fn clock(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.shared.world().now())
    }

    /// All requests so far, the oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<Exchange> {
        self.shared.world().journal.clone()
    }

    /// What in the journal is not as it should be, with the request.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        let world = self.shared.world();
        let found = world.journal.iter().flat_map(|exchange| {
            let request = format!("{} {}", exchange.method, exchange.path);
            let found = exchange.violations.iter();
            found.map(move |violation| format!("{request}: {violation}"))
        });
        found.collect()
    }

    /// Lets something go wrong. Of several faults that would strike a request the oldest does.
    pub fn inject(&self, fault: Fault) {
        self.shared.change(|world| world.faults.push_back(fault));
    }

    /// Lets things go wrong as a recipe says.
    pub fn apply(&self, recipe: Recipe) {
        match (recipe.kind, recipe.times) {
            (Kind::Request(fault), _) => self.inject(fault),
            (Kind::Boot(script), None) => self.set_boot(script),
            (Kind::Boot(script), Some(times)) => {
                for _ in 0..times {
                    self.next_boot(script.clone());
                }
            }
            (Kind::TokensRevoked, _) => self.shared.change(|world| {
                for token in world.config.tokens.values_mut() {
                    token.revoked = true;
                }
            }),
        }
    }

    /// All machines that there ever were, the oldest first.
    #[must_use]
    pub fn machines(&self) -> Vec<VmView> {
        self.shared.world().vms.iter().map(Vm::view).collect()
    }

    /// Those that are not destroyed.
    #[must_use]
    pub fn live(&self) -> Vec<VmView> {
        let world = self.shared.world();
        let live = world.vms.iter().filter(|vm| vm.is_live());
        live.map(Vm::view).collect()
    }

    /// One of them.
    #[must_use]
    pub fn machine(&self, id: &str) -> Option<VmView> {
        self.shared.world().any_vm(id).map(Vm::view)
    }

    /// Waits until `look` finds in the machines and requests what it looks for. Nothing else bounds that.
    pub async fn until<T>(&self, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let mut changes = self.shared.changes();
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            // It never fails: the sender is in `shared`.
            let _ = changes.changed().await;
        }
    }

    /// How many machines there may be in a region. As many as anybody wants, if nothing is said.
    pub fn set_capacity(&self, region: &str, machines: usize) {
        self.shared
            .change(|world| world.capacity.insert(region.to_owned(), machines));
    }

    /// How all machines boot that are created from now on.
    pub fn set_boot(&self, script: BootScript) {
        self.shared.change(|world| world.boots.set_all(script));
    }

    /// How the next machine boots that is created, or the one after those of which that was said already.
    pub fn next_boot(&self, script: BootScript) {
        self.shared.change(|world| world.boots.add_next(script));
    }

    /// Revokes a token.
    pub fn revoke(&self, token: &str) {
        self.shared.change(|world| {
            if let Some(token) = world.config.tokens.get_mut(bare(token)) {
                token.revoked = true;
            }
        });
    }

    /// Takes rate limits away, or brings them.
    pub fn set_rate_limits(&self, on: bool) {
        self.shared.change(|world| world.config.rate_limits = on);
    }

    /// How long every answer takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.shared.change(|world| world.config.latency = latency);
    }

    /// How long machines that are created from now on are missing in lists.
    pub fn set_replication_delay(&self, delay: Duration) {
        self.shared
            .change(|world| world.config.replication_delay = delay);
    }

    /// Sends a signal to all processes of a machine. One that only pretends to run ends with it. Returns whether
    /// there was anybody.
    pub fn kill_process(&self, id: &str, signal: i32) -> bool {
        let pid = match self.machine(id) {
            Some(machine) if machine.is_live() => machine.pid,
            Some(_) | None => return false,
        };
        let Some(pid) = pid else {
            return self.end_process_with(id, Exit::signal(signal));
        };
        let pid = Pid::from_raw(pid.cast_signed());
        let signal = Signal::from_named_raw(signal);
        match (pid, signal) {
            (Some(pid), Some(signal)) => kill_process_group(pid, signal).is_ok(),
            _ => false,
        }
    }

    /// Ends the program of a machine as if it had ended itself with this code. Returns whether there is such a
    /// machine.
    pub fn end_process(&self, id: &str, code: i32) -> bool {
        self.end_process_with(id, Exit::code(code))
    }

    /// Kills the program of a machine as if it had wanted too much memory. Returns whether there is such a machine.
    pub fn run_out_of_memory(&self, id: &str) -> bool {
        self.end_process_with(id, Exit::out_of_memory())
    }

    /// How long it takes from now on until the API tells that a program has ended.
    pub fn set_exit_delay(&self, delay: Duration) {
        self.shared.change(|world| world.config.exit_delay = delay);
    }

    /// Freezes all processes of a machine: connections stay open, and nothing moves. Returns whether there was
    /// anybody.
    pub fn partition(&self, id: &str) -> bool {
        self.kill_process(id, Signal::STOP.as_raw())
    }

    /// Thaws what was frozen.
    pub fn heal(&self, id: &str) -> bool {
        self.kill_process(id, Signal::CONT.as_raw())
    }

    /// Says whether the host of a machine can be reached. While it cannot, answers are without its `config`.
    pub fn set_reachable(&self, id: &str, reachable: bool) {
        self.shared.change(|world| {
            if let Some(vm) = world.any_vm_mut(id) {
                vm.host_status = if reachable { "ok" } else { "unreachable" };
            }
        });
    }

    /// Adds so many events to a machine's.
    pub fn flood(&self, id: &str, events: usize) {
        self.shared.change(|world| {
            for _ in 0..events {
                world.tell(id, ("update", "replacing", "user"), None);
            }
        });
    }

    /// Destroys a machine as somebody else would, with force.
    pub fn destroy(&self, id: &str) {
        self.shared.change(|world| {
            if world.any_vm(id).is_some_and(Vm::is_live) {
                world.destroy(id, "user");
            }
        });
    }

    fn end_process_with(&self, id: &str, exit: Exit) -> bool {
        let world = self.shared.world();
        let vm = world.any_vm(id).filter(|vm| vm.is_live());
        vm.is_some_and(|vm| vm.orders.send(Order::End(exit)).is_ok())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.shared.end_tasks();
        for machine in self.machines() {
            let pid = machine.pid.and_then(|pid| Pid::from_raw(pid.cast_signed()));
            if let Some(pid) = pid {
                // It may have ended by itself.
                let _ = kill_process_group(pid, Signal::KILL);
            }
        }
    }
}
