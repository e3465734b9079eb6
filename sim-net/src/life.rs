use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::Duration;

use anyhow::{anyhow, ensure};
use flame_core::backend::RunnerEntry;
use tokio::sync::watch;
use turmoil::Sim;

use crate::book::SharedBook;
use crate::gate::{Gates, Way};
use crate::plan::{Fault, HEALED, LATENCY_MAX, Plan};
use crate::provider::{PARENT, Provider, Stage};
use crate::wires::Wires;
use crate::{parent, trace};

/// The longest life, in its own time.
const LONGEST: Duration = Duration::from_secs(240);
/// How exactly time passes.
const TICK: Duration = Duration::from_millis(2);
/// After a machine is whole again, it stays so for this long.
const RESPITE: Duration = Duration::from_millis(500);

/// The world around the hosts: it starts and ends them, and breaks what is between them.
struct Life<'p> {
    sim: Sim<'static>,
    plan: &'p Plan,
    machines: Provider,
    gates: Gates,
    book: SharedBook,
    heals: Vec<Heal>,
    next_fault: usize,
}

/// A fault that ends.
struct Heal {
    at: Duration,
    machine: usize,
    fault: Fault,
}

/// Lives it and judges it: what is to be said of it, or the promise that was broken.
pub(crate) fn live(plan: &Plan) -> anyhow::Result<String> {
    let sim = turmoil::Builder::new()
        .rng_seed(plan.seed)
        .simulation_duration(LONGEST)
        .tick_duration(TICK)
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(plan.latency)
        .tcp_capacity(1 << 14)
        .build();
    let mut life = Life {
        sim,
        plan,
        machines: Provider::new(plan.create_after, plan.destroy_after),
        gates: Gates::default(),
        book: SharedBook::default(),
        heals: Vec::new(),
        next_fault: 0,
    };
    life.run()?;
    let left: VecDeque<_> = life.living().collect();
    ensure!(left.is_empty(), "machines are left at the end: {left:?}");
    let book = life.book.borrow();
    book.judge(plan)
}

impl Life<'_> {
    fn run(&mut self) -> anyhow::Result<()> {
        let wires = Wires(self.gates.clone());
        let parent = parent::run(self.plan, self.machines.clone(), wires, self.book.clone());
        self.sim
            .client(PARENT, async move { parent.await.map_err(Into::into) });
        loop {
            let is_finished = self.sim.step().map_err(|error| anyhow!("{error}"))?;
            self.tend_machines();
            self.heal();
            self.strike();
            if is_finished {
                return Ok(());
            }
        }
    }

    fn living(&self) -> impl Iterator<Item = usize> + use<> {
        let machines = self.machines.lock();
        let living = machines.iter().enumerate();
        let living = living.filter(|(_, machine)| machine.stage == Stage::Runs);
        living.map(|(at, _)| at).collect::<Vec<_>>().into_iter()
    }

    /// Starts what was ordered, and clears away what has ended or is to end.
    fn tend_machines(&mut self) {
        let now = self.sim.elapsed();
        let (mut ordered, mut ended) = (Vec::new(), Vec::new());
        for (at, machine) in self.machines.lock().iter_mut().enumerate() {
            let end = machine.end.borrow().clone();
            match machine.stage {
                Stage::Ordered if machine.is_to_end => machine.gone(),
                Stage::Ordered => {
                    machine.stage = Stage::Runs;
                    self.book
                        .borrow_mut()
                        .started(now, &machine.name.to_string());
                    ordered.push((at, machine.entry.clone(), machine.end.clone()));
                }
                Stage::Runs if end.is_some() || machine.is_to_end => {
                    let how = end.map_or("is destroyed".to_owned(), |end| {
                        format!("ends itself, {}", end.how)
                    });
                    ended.push((at, how));
                }
                Stage::Runs | Stage::Gone => {}
            }
        }
        for (at, entry, end) in ordered {
            trace::note(now, &format!("m{at} starts"));
            self.sim
                .host(host(at), move || run(entry.clone(), end.clone()));
        }
        for (at, how) in ended {
            self.end(at, &how);
        }
    }

    fn end(&mut self, machine: usize, how: &str) {
        let now = self.sim.elapsed();
        trace::note(now, &format!("m{machine} {how}"));
        self.book.borrow_mut().ended(now, machine);
        self.sim.crash(host(machine));
        self.machines.lock()[machine].gone();
    }

    fn heal(&mut self) {
        let now = self.sim.elapsed();
        let heals = std::mem::take(&mut self.heals);
        let (due, later): (Vec<_>, Vec<_>) =
            heals.into_iter().partition(|heal| heal.at + RESPITE <= now);
        drop(due);
        self.heals = later;
        for heal in &self.heals {
            if heal.at <= now && heal.at + TICK > now {
                let name = host(heal.machine);
                trace::note(now, &format!("m{} heals of {:?}", heal.machine, heal.fault));
                let address = self.sim.lookup(name.as_str());
                mend(
                    &self.sim,
                    &self.gates,
                    self.plan,
                    (name, address),
                    heal.fault,
                );
            }
        }
    }

    fn strike(&mut self) {
        let now = self.sim.elapsed();
        while let Some(planned) = self.plan.faults.get(self.next_fault) {
            if planned.at > now {
                return;
            }
            self.next_fault += 1;
            let living: Vec<_> = self.living().collect();
            let Some(machine) = living.get(planned.machine % living.len().max(1)).copied() else {
                trace::note(now, &format!("nobody is there for {:?}", planned.fault));
                continue;
            };
            if self.heals.iter().any(|heal| heal.machine == machine) {
                trace::note(now, &format!("m{machine} is spared {:?}", planned.fault));
                continue;
            }
            trace::note(now, &format!("m{machine} is struck: {:?}", planned.fault));
            self.book.borrow_mut().struck(now, machine, planned.fault);
            self.break_something(machine, planned.fault);
        }
    }

    fn break_something(&mut self, machine: usize, fault: Fault) {
        let name = host(machine);
        let address = self.sim.lookup(name.as_str());
        let gate = |way| self.gates.of(address, way);
        let length = match fault {
            Fault::Hold(length) => {
                self.sim.hold(PARENT, name);
                length
            }
            Fault::HoldToParent(length) => {
                gate(Way::ToParent).shut();
                length
            }
            Fault::HoldToRunner(length) => {
                gate(Way::ToRunner).shut();
                length
            }
            Fault::Cut(length) => {
                self.sim.partition(PARENT, name);
                length
            }
            Fault::CutToParent(length) => {
                self.sim.partition_oneway(name, PARENT);
                length
            }
            Fault::CutToRunner(length) => {
                self.sim.partition_oneway(PARENT, name);
                length
            }
            Fault::Slow(latency) => {
                self.sim.set_link_max_message_latency(PARENT, name, latency);
                Duration::from_secs(2)
            }
            Fault::Kill => return self.end(machine, "is killed"),
            Fault::PowerLoss => {
                self.sim.partition(PARENT, name);
                return self.end(machine, "has no power any more");
            }
        };
        let at = (self.sim.elapsed() + length).min(HEALED);
        self.heals.push(Heal { at, machine, fault });
    }
}

/// What the fault did is undone.
fn mend(sim: &Sim<'_>, gates: &Gates, plan: &Plan, machine: (String, IpAddr), fault: Fault) {
    let (name, address) = machine;
    match fault {
        Fault::Hold(_) => sim.release(PARENT, name),
        Fault::HoldToParent(_) => gates.of(address, Way::ToParent).open(),
        Fault::HoldToRunner(_) => gates.of(address, Way::ToRunner).open(),
        Fault::Cut(_) => sim.repair(PARENT, name),
        Fault::CutToParent(_) => sim.repair_oneway(name, PARENT),
        Fault::CutToRunner(_) => sim.repair_oneway(PARENT, name),
        Fault::Slow(_) => {
            sim.set_link_max_message_latency(PARENT, name, plan.latency.min(LATENCY_MAX));
        }
        // Nobody comes back.
        Fault::Kill | Fault::PowerLoss => {}
    }
}

fn host(machine: usize) -> String {
    format!("m{machine}")
}

/// What runs on a machine: a runner, and when it has come to its end nothing more.
async fn run(
    entry: RunnerEntry,
    end: watch::Sender<Option<flame_core::backend::ExitReport>>,
) -> turmoil::Result {
    let report = entry.run().await;
    end.send_replace(Some(report));
    std::future::pending().await
}
