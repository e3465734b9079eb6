//! All that the emulator knows.

mod boots;
mod buckets;
mod regions;

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::config::EmulatorConfig;
use crate::event::Event;
use crate::exchange::Exchange;
use crate::fault::{Effect, Fault, Stage};
use crate::http::Request;
use crate::ids::Ids;
use crate::order::Order;
use crate::state::State;
use crate::vm::Vm;
use crate::wall::Wall;
pub(crate) use boots::Boots;
use buckets::Buckets;
pub(crate) use regions::{ALL as REGIONS, expand};

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: EmulatorConfig,
    pub(crate) wall: Wall,
    pub(crate) ids: Ids,
    /// In the order in which they were created.
    pub(crate) vms: Vec<Vm>,
    pub(crate) journal: Vec<Exchange>,
    pub(crate) faults: VecDeque<Fault>,
    pub(crate) boots: Boots,
    /// How many machines there may be in a region.
    pub(crate) capacity: BTreeMap<String, usize>,
    pub(crate) buckets: Buckets,
}

impl World {
    pub(crate) fn new(config: EmulatorConfig) -> Self {
        Self {
            ids: Ids::new(config.seed),
            config,
            wall: Wall::new(),
            vms: Vec::new(),
            journal: Vec::new(),
            faults: VecDeque::new(),
            boots: Boots::default(),
            capacity: BTreeMap::new(),
            buckets: Buckets::default(),
        }
    }

    pub(crate) fn now(&self) -> u64 {
        self.wall.millis()
    }

    /// The machine with that id, of that app.
    pub(crate) fn vm(&self, app: &str, id: &str) -> Option<&Vm> {
        self.vms.iter().find(|vm| vm.id == id && vm.app == app)
    }

    pub(crate) fn vm_mut(&mut self, app: &str, id: &str) -> Option<&mut Vm> {
        self.vms.iter_mut().find(|vm| vm.id == id && vm.app == app)
    }

    pub(crate) fn any_vm(&self, id: &str) -> Option<&Vm> {
        self.vms.iter().find(|vm| vm.id == id)
    }

    pub(crate) fn any_vm_mut(&mut self, id: &str) -> Option<&mut Vm> {
        self.vms.iter_mut().find(|vm| vm.id == id)
    }

    /// What goes wrong with a request at this stage.
    pub(crate) fn strike(
        &mut self,
        stage: Stage,
        request: &Request,
        body: Option<&Value>,
    ) -> Option<Effect> {
        let mut faults = self.faults.iter_mut();
        let effect = faults.find_map(|fault| fault.strikes(stage, request, body));
        self.faults.retain(|fault| !fault.is_spent());
        effect
    }

    /// Puts a machine into another state, and writes down that and when.
    pub(crate) fn enter(&mut self, id: &str, state: State) {
        let now = self.now();
        let vm = self.any_vm_mut(id).filter(|vm| match vm.state {
            // Whatever its program does meanwhile.
            State::Destroying => state == State::Destroyed,
            State::Destroyed => false,
            State::Created
            | State::Starting
            | State::Started
            | State::Stopping
            | State::Stopped
            | State::Restarting
            | State::Failed
            | State::LaunchFailed => true,
        });
        if let Some(vm) = vm {
            vm.state = state;
            vm.updated = now;
            vm.history.push((state, now));
            if state == State::Destroyed {
                vm.destroyed_at = Some(Instant::now());
                vm.pid = None;
            }
        }
    }

    /// Tells the world of an event.
    pub(crate) fn tell(
        &mut self,
        id: &str,
        (kind, status, source): (&'static str, &'static str, &'static str),
        request: Option<Value>,
    ) {
        let at = self.now();
        let event = Event {
            id: self.ids.ulid(at),
            at,
            kind,
            status,
            source,
            request,
        };
        if let Some(vm) = self.any_vm_mut(id) {
            vm.record(event);
        }
    }

    /// Starts to destroy a machine. The rest is done by its own task.
    pub(crate) fn destroy(&mut self, id: &str, source: &'static str) {
        if self.any_vm(id).map(|vm| vm.state) == Some(State::Destroying) {
            return;
        }
        self.enter(id, State::Destroying);
        let event = ("destroy", "destroying", source);
        self.tell(id, event, Some(Value::Null));
        if let Some(vm) = self.any_vm(id) {
            // Its task is gone only if the emulator is.
            let _ = vm.orders.send(Order::Destroy);
        }
    }

    /// The state that `GET` tells of: for a while it is behind.
    pub(crate) fn shown_state(&self, vm: &Vm) -> State {
        let span = self.config.destroying_shown_for;
        let is_behind = vm.destroyed_at.is_some_and(|at| at.elapsed() < span);
        if is_behind {
            State::Destroying
        } else {
            vm.state
        }
    }

    /// A machine as a line of a journal has it.
    pub(crate) fn line_of(&self, id: &str) -> Value {
        let vm = self.any_vm(id);
        json!({
            "id": id,
            "at": self.now(),
            "name": vm.map(|vm| vm.name.clone()),
            "state": vm.map(|vm| vm.state.name()),
            "pid": vm.and_then(|vm| vm.pid),
            "metadata": vm.and_then(Vm::metadata),
        })
    }
}
