//! What happens in the world, and what of it the pool hears.

use flame_core::pool::{CallerKind, PoolEvent};
use flame_core::{CallerId, RunnerId};

use super::{Broken, Life};
use crate::sim::books::{CallerPage, Place};
use crate::sim::faults::Fault;
use crate::sim::schedule::Happening;
use crate::sim::world::World;

impl Life {
    pub(super) fn happen(&mut self, happening: Happening) -> Result<(), Box<Broken>> {
        let event = match happening {
            Happening::CallerArrives => Some(self.arrive()),
            Happening::WorkEnds { caller, grant } => self.world.end_work(caller, grant),
            Happening::WorkRefused { caller, grant } => self.world.refuse_work(caller, grant),
            Happening::RunnerDies { runner } => {
                self.world.kill(runner);
                None
            }
            Happening::RunnerDrains { runner } => {
                self.world.drain_by_itself(runner);
                None
            }
            Happening::RunnerLooks { runner } => {
                self.world.look(runner);
                None
            }
            Happening::InstanceEnds { runner } => {
                self.world.end_instance(runner);
                Some(PoolEvent::InstanceGone { runner })
            }
            Happening::LimitsChange => Some(self.change_limits()),
            Happening::PoolDrains => Some(self.drain_pool()),
            Happening::News(event) => {
                self.count_loomed(event);
                Some(event)
            }
            Happening::OldNews(event) => return self.repeat(event),
        };
        let Some(event) = event else {
            return Ok(());
        };
        if may_come_twice(event) && self.world.strikes(Fault::NewsRepeated, 8) {
            self.world.happens_in(0, 400, Happening::OldNews(event));
        }
        if self.world.strikes(Fault::NewsOfStrangers, 20) {
            let news = self.news_of_strangers();
            self.world.news_in(0, 100, news);
        }
        self.in_flight = Some(event);
        self.step(Some(event))?;
        self.in_flight = None;
        Ok(())
    }

    /// Counts what was foreseen long ago and strikes now.
    fn count_loomed(&mut self, event: PoolEvent) {
        match event {
            PoolEvent::CallerGone { caller } => {
                let page = self.books.callers.get(&caller);
                if page.is_some_and(CallerPage::is_awaited) {
                    self.world.faults.struck(Fault::CallerLeaves);
                }
            }
            PoolEvent::ShutdownRequested if !self.books.life.is_shutting_down => {
                self.world.faults.struck(Fault::Shutdown);
                self.lose_patience();
            }
            PoolEvent::KillRequested if self.killed_while.is_none() => {
                self.killed_while = Some(self.pool.stage());
                self.world.faults.struck(Fault::PoolIsKilled);
            }
            _ => {}
        }
    }

    fn change_limits(&mut self) -> PoolEvent {
        self.world.faults.struck(Fault::LimitsChange);
        let (limits, timeouts) = self.books.plan.changed(&mut self.world.dice);
        PoolEvent::LimitsChanged { limits, timeouts }
    }

    fn drain_pool(&mut self) -> PoolEvent {
        if !self.books.life.is_shutting_down {
            self.world.faults.struck(Fault::PoolDrains);
            self.lose_patience();
        }
        let world = &mut self.world;
        let has_time = world.dice.one_in(4);
        let until = (!has_time).then(|| world.now + world.dice.millis(0, 1500));
        PoolEvent::DrainRequested { until }
    }

    /// An owner who wants an end may want it sooner soon.
    fn lose_patience(&mut self) {
        if self.world.looms(Fault::PoolIsKilled, 3) {
            self.world.news_in(0, 1500, PoolEvent::KillRequested);
        } else if self.world.looms(Fault::Shutdown, 3) {
            self.world.news_in(0, 1500, PoolEvent::ShutdownRequested);
        } else if self.world.looms(Fault::PoolDrains, 1) {
            self.world.happens_in(0, 1000, Happening::PoolDrains);
        }
    }

    fn arrive(&mut self) -> PoolEvent {
        let caller = CallerId(self.next_caller);
        self.next_caller += 1;
        self.arrivals_left -= 1;
        let world = &mut self.world;
        if self.arrivals_left > 0 {
            // Bursts and lulls.
            let lull = world.dice.one_in(self.books.plan.lulls);
            let pause = if lull { 2500 } else { 60 };
            world.happens_in(0, pause, Happening::CallerArrives);
        }
        if world.looms(Fault::CallerLeaves, 4) {
            let patience = if world.dice.one_in(4) { 2000 } else { 200 };
            world.news_in(0, patience, PoolEvent::CallerGone { caller });
        }
        let hurries = world.strikes(Fault::CallerHurries, 2);
        let limit = |world: &mut World| Some(world.now + world.dice.millis(0, 700));
        let (deadline, queue_deadline) = match (hurries, world.dice.between(0, 2)) {
            (true, 0) => (limit(world), limit(world)),
            (true, 1) => (None, limit(world)),
            (true, _) => (limit(world), None),
            (false, 0) => (Some(world.now + world.dice.millis(1000, 4000)), None),
            (false, _) => (None, None),
        };
        let kind = match world.dice.between(0, 9) {
            0..=5 => CallerKind::Call,
            6..=8 => CallerKind::Cast,
            _ => CallerKind::Child,
        };
        let is_idempotent = world.looms(Fault::CallerIsIdempotent, 2) || world.dice.one_in(3);
        let retries = if is_idempotent {
            u32::try_from(world.dice.between(1, 3)).unwrap()
        } else {
            0
        };
        PoolEvent::CheckoutRequested {
            caller,
            kind,
            deadline,
            queue_deadline,
            retries,
            pin: self.need(caller),
        }
    }

    /// Whose values a newcomer needs: those of somebody who left some, which may be gone by now.
    fn need(&mut self, caller: CallerId) -> Option<CallerId> {
        let world = &mut self.world;
        if !world.looms(Fault::CallerIsPinned, 1) || world.dice.one_in(3) {
            return None;
        }
        let is_any = world.dice.one_in(20);
        let keepers: Vec<_> = self
            .books
            .callers
            .iter()
            .filter(|(_, page)| is_any || matches!(page.place, Place::Resident { .. }))
            .map(|(&id, _)| id)
            .collect();
        if keepers.is_empty() {
            return None;
        }
        // Many who need the same have to wait for it.
        let last = if world.dice.one_in(4) {
            keepers.len() - 1
        } else {
            0
        };
        let which = world.dice.count(0, last);
        world.faults.struck(Fault::CallerIsPinned);
        // A pool that ends has to think of those who wait for values, too, and of nobody else then.
        if world.looms(Fault::PoolDrains, 8) {
            world.news_in(0, 200, PoolEvent::CallerGone { caller });
            world.happens_in(0, 300, Happening::PoolDrains);
        }
        if world.looms(Fault::Shutdown, 8) {
            world.news_in(0, 300, PoolEvent::ShutdownRequested);
        }
        Some(keepers[which])
    }

    /// Tells old news, unless they would be news of something newer.
    fn repeat(&mut self, event: PoolEvent) -> Result<(), Box<Broken>> {
        let about_caller = match event {
            PoolEvent::ChildAccepted { caller }
            | PoolEvent::CallEnded { caller, .. }
            | PoolEvent::CallReturned { caller }
            | PoolEvent::ResidentsReleased { caller } => Some(caller),
            _ => None,
        };
        let place = about_caller.and_then(|caller| self.books.place(caller));
        if place.is_some_and(|place| place != Place::Done) {
            return Ok(());
        }
        self.step(Some(event))
    }

    fn news_of_strangers(&mut self) -> PoolEvent {
        let caller = CallerId(1_000_000 + self.world.dice.between(0, 9));
        let runner = RunnerId(1_000_000 + self.world.dice.between(0, 9));
        match self.world.dice.between(0, 9) {
            0 => PoolEvent::CallerGone { caller },
            1 => PoolEvent::CallReturned { caller },
            2 => PoolEvent::ResidentsReleased { caller },
            3 => PoolEvent::RunnerAttached { runner },
            4 => PoolEvent::RunnerLost { runner },
            5 => PoolEvent::RunnerFinished { runner },
            6 => PoolEvent::InstanceGone { runner },
            7 => PoolEvent::DestroyFailed { runner },
            8 => PoolEvent::ChildAccepted { caller },
            _ => PoolEvent::IdleAnswered { runner, idle: true },
        }
    }
}

/// A caller is promised to be new, so it cannot ask twice, and limits that were changed meanwhile would be changed
/// back; everything else can be heard twice.
fn may_come_twice(event: PoolEvent) -> bool {
    !matches!(
        event,
        PoolEvent::CheckoutRequested { .. } | PoolEvent::LimitsChanged { .. }
    )
}
