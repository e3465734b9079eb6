use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use flame_core::pool::{PoolAction, PoolEvent, Retry, SlotAfter, WorkEnd};
use flame_core::{CallerId, RunnerId};

use super::dice::Dice;
use super::faults::{Fault, Faults};
use super::schedule::{Happening, Schedule};

/// Backend, instances, runners and their work, as they really are; the pool only hears of them.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) dice: Dice,
    pub(crate) faults: Faults,
    pub(crate) schedule: Schedule,
    pub(crate) instances: BTreeMap<RunnerId, Instance>,
    next_grant: u64,
    /// The backend refuses every boot until then.
    outage_until: Option<Instant>,
    healed: bool,
}

/// One process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instance {
    /// Its process runs.
    pub(crate) alive: bool,
    /// Its parent admitted it.
    pub(crate) welcome: bool,
    draining: bool,
    /// It refuses every call.
    out_of_step: bool,
    pub(crate) told_to_die: bool,
    pub(crate) calls: BTreeMap<CallerId, Work>,
}

/// One call's work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    grant: u64,
    /// It reacts to nothing.
    stuck: bool,
    /// It leaves values behind.
    leaves_values: bool,
    /// It was told to end.
    cancelled: bool,
}

impl World {
    pub(crate) fn new(now: Instant, dice: Dice, faults: Faults) -> Self {
        Self {
            now,
            dice,
            faults,
            schedule: Schedule::default(),
            instances: BTreeMap::new(),
            next_grant: 0,
            outage_until: None,
            healed: false,
        }
    }

    /// Carries out what the pool asks for.
    pub(crate) fn carry_out(&mut self, action: PoolAction) {
        match action {
            PoolAction::BootInstance { runner } => self.boot(runner),
            PoolAction::WelcomeRunner { runner } => self.welcome(runner),
            PoolAction::GrantSlot { caller, runner } => self.start(caller, runner),
            PoolAction::CancelCall { caller, runner, .. } => self.cancel(caller, runner),
            PoolAction::ProposeIdle { runner } => self.ask_idle(runner),
            PoolAction::DrainRunner { runner, .. } => self.drain(runner),
            PoolAction::DestroyInstance { runner } => self.destroy(runner),
            PoolAction::RetryCaller { caller, runner } => self.forget(caller, runner),
            PoolAction::RefuseRunner { .. }
            | PoolAction::RejectCaller { .. }
            | PoolAction::ExpireCaller { .. }
            | PoolAction::LoseCaller { .. }
            | PoolAction::FailBoot { .. }
            | PoolAction::SuspectLink
            | PoolAction::TellLimits { .. }
            | PoolAction::LoseResidents { .. }
            | PoolAction::ConfirmShutdown => {}
        }
    }

    /// Ends the work that a happening is about, if it is still there, and says how.
    pub(crate) fn end_work(&mut self, caller: CallerId, grant: u64) -> Option<PoolEvent> {
        let work = self.take_work(caller, grant)?;
        let slot = if work.leaves_values {
            let release = PoolEvent::ResidentsReleased { caller };
            let longest = if self.looms(Fault::CallerIsPinned, 2) {
                3000
            } else {
                900
            };
            self.news_in(1, longest, release);
            SlotAfter::KeptByResidents
        } else {
            SlotAfter::Free
        };
        let end = self.how_it_ends(work);
        Some(PoolEvent::CallEnded { caller, end, slot })
    }

    fn how_it_ends(&mut self, work: Work) -> WorkEnd {
        if work.cancelled && !self.dice.one_in(4) {
            WorkEnd::Cancelled
        } else if !self.strikes(Fault::WorkFails, 2) {
            WorkEnd::Returned
        } else if self.dice.one_in(2) {
            WorkEnd::Failed
        } else {
            WorkEnd::NotStarted
        }
    }

    /// Takes back work that its runner refuses, if it is still there.
    pub(crate) fn refuse_work(&mut self, caller: CallerId, grant: u64) -> Option<PoolEvent> {
        self.take_work(caller, grant)?;
        Some(PoolEvent::CallReturned { caller })
    }

    pub(crate) fn kill(&mut self, runner: RunnerId) {
        if let Some(instance) = self.instances.get_mut(&runner)
            && instance.alive
        {
            instance.alive = false;
            instance.calls.clear();
            self.faults.struck(Fault::RunnerDies);
            // How it is noticed depends on nothing but its number, so that lives stay as they were.
            let news = match runner.0 % 3 {
                0 => PoolEvent::RunnerLost { runner },
                _ => PoolEvent::RunnerSilent { runner },
            };
            self.news_in(0, 80, news);
        }
    }

    pub(crate) fn end_instance(&mut self, runner: RunnerId) {
        if let Some(instance) = self.instances.get_mut(&runner) {
            instance.alive = false;
            instance.calls.clear();
        }
    }

    /// A runner begins to drain for a reason of its own.
    pub(crate) fn drain_by_itself(&mut self, runner: RunnerId) {
        if self.begin_drain(runner) {
            self.faults.struck(Fault::RunnerDrains);
        }
    }

    fn begin_drain(&mut self, runner: RunnerId) -> bool {
        if let Some(instance) = self.instances.get_mut(&runner)
            && instance.alive
            && instance.welcome
            && !instance.draining
        {
            instance.draining = true;
            self.news_in(0, 30, PoolEvent::RunnerDraining { runner });
            self.look_soon(runner);
            // An owner who sees that may do something about it.
            if self.looms(Fault::LimitsChange, 2) {
                self.happens_in(0, 200, Happening::LimitsChange);
            }
            true
        } else {
            false
        }
    }

    /// A draining runner goes when it has no work.
    pub(crate) fn look(&mut self, runner: RunnerId) {
        let Some(instance) = self.instances.get_mut(&runner) else {
            return;
        };
        if !instance.alive || !instance.draining {
            return;
        }
        if instance.calls.is_empty() {
            instance.alive = false;
            self.news_in(0, 10, PoolEvent::RunnerFinished { runner });
        } else {
            self.look_soon(runner);
        }
    }

    /// Lets stuck work end and everything go well from now on.
    pub(crate) fn heal(&mut self) {
        self.healed = true;
        self.outage_until = None;
        self.faults.heal();
        let stuck: Vec<(CallerId, Work)> = self
            .instances
            .values()
            .flat_map(|instance| instance.calls.iter().map(|(&id, &work)| (id, work)))
            .collect();
        for (caller, work) in stuck {
            let grant = work.grant;
            self.happens_in(1, 100, Happening::WorkEnds { caller, grant });
        }
    }

    pub(crate) fn news_in(&mut self, low: u64, high: u64, news: PoolEvent) {
        self.happens_in(low, high, Happening::News(news));
    }

    pub(crate) fn happens_in(&mut self, low: u64, high: u64, happening: Happening) {
        let at = self.now + self.dice.millis(low, high);
        self.schedule.plan(at, happening);
    }

    pub(crate) fn looms(&mut self, fault: Fault, n: u64) -> bool {
        self.faults.looms(fault, n, &mut self.dice)
    }

    pub(crate) fn strikes(&mut self, fault: Fault, n: u64) -> bool {
        self.faults.strikes(fault, n, &mut self.dice)
    }

    fn boot(&mut self, runner: RunnerId) {
        let alive = Instance {
            alive: true,
            ..Instance::default()
        };
        self.instances.insert(runner, alive);
        let attached = PoolEvent::RunnerAttached { runner };
        if self.strikes(Fault::Outage, 8) {
            self.outage_until = Some(self.now + self.dice.millis(1000, 8000));
        }
        let is_out = self.outage_until.is_some_and(|until| until > self.now);
        if is_out || self.strikes(Fault::BootRefused, 2) {
            self.fail_boot(runner, Retry::Later);
        } else if self.strikes(Fault::BootRejected, 5) {
            self.fail_boot(runner, Retry::Never);
        } else if self.strikes(Fault::BootLate, 4) {
            self.news_in(800, 1500, attached);
        } else if self.strikes(Fault::BootHangs, 4) {
            // Nothing happens.
        } else {
            self.news_in(5, 200, attached);
        }
    }

    fn fail_boot(&mut self, runner: RunnerId, retry: Retry) {
        self.news_in(1, 100, PoolEvent::BootFailed { runner, retry });
    }

    fn welcome(&mut self, runner: RunnerId) {
        let out_of_step = self.looms(Fault::RunnerOutOfStep, 6);
        if let Some(instance) = self.instances.get_mut(&runner) {
            instance.welcome = true;
            instance.out_of_step = out_of_step;
        }
        if self.strikes(Fault::CalledBackTwice, 2) {
            self.news_in(1, 300, PoolEvent::RunnerAttached { runner });
        }
        if self.looms(Fault::RunnerDies, 1) {
            self.happens_in(1, 900, Happening::RunnerDies { runner });
        }
        if self.looms(Fault::RunnerDrains, 1) {
            self.happens_in(1, 900, Happening::RunnerDrains { runner });
        }
    }

    fn start(&mut self, caller: CallerId, runner: RunnerId) {
        let grant = self.next_grant;
        self.next_grant += 1;
        let refuses = self.strikes(Fault::CallReturned, 6);
        let stuck = self.looms(Fault::CancelIgnored, 2);
        let is_long = self.strikes(Fault::WorkIsLong, 3);
        // Where callers need values, there are some to need.
        let leaves_values =
            self.looms(Fault::CallerIsPinned, 2) || self.strikes(Fault::ValuesLeft, 4);
        let work = Work {
            grant,
            stuck,
            leaves_values,
            cancelled: false,
        };
        let Some(instance) = self.instances.get_mut(&runner) else {
            return;
        };
        if !instance.alive {
            return;
        }
        let (draining, out_of_step) = (instance.draining, instance.out_of_step);
        instance.calls.insert(caller, work);
        if out_of_step {
            self.faults.struck(Fault::RunnerOutOfStep);
        }
        if draining || out_of_step || refuses {
            self.happens_in(0, 20, Happening::WorkRefused { caller, grant });
        } else if !stuck {
            // To all but children it means nothing.
            let accepted = PoolEvent::ChildAccepted { caller };
            self.news_in(0, 60, accepted);
            let longest = if is_long { 4000 } else { 250 };
            self.happens_in(1, longest, Happening::WorkEnds { caller, grant });
        } else if self.healed {
            self.happens_in(1, 100, Happening::WorkEnds { caller, grant });
        }
    }

    fn cancel(&mut self, caller: CallerId, runner: RunnerId) {
        let instance = self.instances.get_mut(&runner);
        let work = instance.and_then(|instance| instance.calls.get_mut(&caller));
        let Some(work) = work else {
            return;
        };
        work.cancelled = true;
        let work = *work;
        // Its caller may lose patience, too.
        if self.looms(Fault::CallerLeaves, 1) {
            self.news_in(0, 150, PoolEvent::CallerGone { caller });
        }
        if work.stuck && !self.healed {
            self.faults.struck(Fault::CancelIgnored);
        } else {
            let grant = work.grant;
            self.happens_in(0, 150, Happening::WorkEnds { caller, grant });
        }
    }

    /// The lost runner may go on with the work, but nobody listens to what it says of it.
    fn forget(&mut self, caller: CallerId, runner: RunnerId) {
        if let Some(instance) = self.instances.get_mut(&runner) {
            instance.calls.remove(&caller);
        }
    }

    fn ask_idle(&mut self, runner: RunnerId) {
        if self.strikes(Fault::IdleUnanswered, 3) {
            return;
        }
        let denied = self.strikes(Fault::IdleDenied, 2);
        let Some(instance) = self.instances.get(&runner) else {
            return;
        };
        if instance.alive {
            let idle = instance.calls.is_empty() && !instance.draining && !denied;
            self.news_in(0, 40, PoolEvent::IdleAnswered { runner, idle });
        }
    }

    fn drain(&mut self, runner: RunnerId) {
        if self.strikes(Fault::DrainHangs, 3) {
            return;
        }
        // Those who are told to end may do so before they should.
        if self.looms(Fault::RunnerDies, 1) {
            self.happens_in(0, 30, Happening::RunnerDies { runner });
        }
        self.begin_drain(runner);
    }

    fn destroy(&mut self, runner: RunnerId) {
        if let Some(instance) = self.instances.get_mut(&runner) {
            instance.told_to_die = true;
        }
        if self.strikes(Fault::DestroyFails, 2) {
            self.news_in(1, 60, PoolEvent::DestroyFailed { runner });
        } else {
            self.happens_in(1, 60, Happening::InstanceEnds { runner });
        }
    }

    fn look_soon(&mut self, runner: RunnerId) {
        let at = self.now + Duration::from_millis(20);
        self.schedule.plan(at, Happening::RunnerLooks { runner });
    }

    fn take_work(&mut self, caller: CallerId, grant: u64) -> Option<Work> {
        let mut instances = self.instances.values_mut();
        let calls = instances.find_map(|instance| {
            let work = instance.calls.get(&caller);
            work.is_some_and(|work| work.grant == grant)
                .then_some(&mut instance.calls)
        })?;
        calls.remove(&caller)
    }
}
