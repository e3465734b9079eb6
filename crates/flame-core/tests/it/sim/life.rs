use std::fmt::Write as _;
use std::time::{Duration, Instant};

use flame_core::pool::{PoolAction, PoolCounts, PoolEvent, PoolState, TimerReason};
use flame_core::{CallerId, RunnerId};

use super::books::{Books, Place};
use super::dice::Dice;
use super::faults::{Fault, FaultCounts, Faults};
use super::plan::Plan;
use super::promises::{self, PROMISES};
use super::schedule::Happening;
use super::world::World;

/// One life of a pool, from its first boot to its shutdown.
#[derive(Debug)]
pub(crate) struct Life {
    seed: u64,
    pub(crate) pool: PoolState,
    pub(crate) books: Books,
    pub(crate) world: World,
    arrivals_left: u64,
    next_caller: u64,
    journal: Vec<(Option<PoolEvent>, Instant)>,
    actions: u64,
    transcript: Option<String>,
    begun: Instant,
}

/// What one event or timeout has led to.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) now: Instant,
    pub(crate) event: Option<PoolEvent>,
    pub(crate) actions: Vec<PoolAction>,
    /// Whether nothing was due and nothing has happened.
    pub(crate) for_nothing: bool,
    pub(crate) counts_before: PoolCounts,
}

/// What a life was good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) steps: u64,
    pub(crate) actions: u64,
    pub(crate) callers: u64,
    pub(crate) faults: FaultCounts,
    pub(crate) last: PoolState,
}

/// A promise that was broken.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) seed: u64,
    pub(crate) step: usize,
    pub(crate) promise: String,
    pub(crate) detail: String,
    pub(crate) transcript: Option<String>,
}

impl Broken {
    /// The pool panicked; what it said is above.
    pub(crate) fn panicked(seed: u64) -> Self {
        Self {
            seed,
            step: 0,
            promise: "nothing panics (8)".to_owned(),
            detail: "see above".to_owned(),
            transcript: None,
        }
    }
}

/// More steps than any life needs to come to rest; one that takes more goes in circles.
const STEPS: usize = 20_000;

impl Life {
    pub(crate) fn new(seed: u64, with_transcript: bool) -> Self {
        let mut dice = Dice::new(seed);
        let plan = Plan::draw(&mut dice);
        let faults = Faults::draw(&mut dice);
        let begun = promises::epoch();
        let mut life = Self {
            seed,
            pool: new_pool(&plan, seed),
            books: Books::new(&plan),
            world: World::new(begun, dice, faults),
            arrivals_left: plan.callers,
            next_caller: 0,
            journal: Vec::new(),
            actions: 0,
            transcript: with_transcript.then(|| format!("{plan:#?}\n")),
            begun,
        };
        life.world.happens_in(0, 300, Happening::CallerArrives);
        if life.world.strikes(Fault::Shutdown, 1) {
            life.world.news_in(1, 4000, PoolEvent::ShutdownRequested);
        }
        life
    }

    /// Lives the life: chaos, then healing, then rest, then the end.
    pub(crate) fn live(mut self) -> Result<Report, Box<Broken>> {
        self.step(None)?;
        while self.arrivals_left > 0 {
            self.go_on()?;
        }
        self.world.heal();
        self.come_to_rest()?;
        self.judge(promises::at_rest(&self))?;
        self.step(Some(PoolEvent::ShutdownRequested))?;
        self.come_to_rest()?;
        self.judge(promises::at_the_end(&self))?;
        self.judge(self.replays())?;
        Ok(Report {
            steps: self.journal.len() as u64,
            actions: self.actions,
            callers: self.next_caller,
            faults: self.world.faults.exercised().clone(),
            last: self.pool,
        })
    }

    fn come_to_rest(&mut self) -> Result<(), Box<Broken>> {
        while self.world.schedule.next_at().is_some() || self.pool.poll_timeout().is_some() {
            self.go_on()?;
        }
        Ok(())
    }

    /// Lets the next thing happen, be it in the world or by a deadline of the pool.
    fn go_on(&mut self) -> Result<(), Box<Broken>> {
        let wake_at = self.pool.poll_timeout().map(|(at, _)| at);
        let happens_at = self.world.schedule.next_at();
        let Some(next_at) = wake_at.into_iter().chain(happens_at).min() else {
            return Ok(());
        };
        self.world.now = self.world.now.max(next_at);
        if self.world.strikes(Fault::TimeJumps, 60) {
            self.world.now += self.world.dice.millis(100, 5000);
        }
        if wake_at.is_some_and(|at| at <= self.world.now) {
            return self.step(None);
        }
        if self.world.dice.one_in(20) {
            self.step(None)?;
        }
        match self.world.schedule.pop() {
            Some(happening) => self.happen(happening),
            None => Ok(()),
        }
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Box<Broken>> {
        let event = match happening {
            Happening::CallerArrives => Some(self.arrive()),
            Happening::WorkEnds { caller, grant } => self.world.end_work(caller, grant),
            Happening::WorkRefused { caller, grant } => self.world.refuse_work(caller, grant),
            Happening::RunnerDies { runner } => {
                self.world.kill(runner);
                None
            }
            Happening::RunnerDrains { runner } => {
                self.world.begin_drain(runner);
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
            Happening::News(event) => Some(event),
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
        self.step(Some(event))
    }

    fn arrive(&mut self) -> PoolEvent {
        let caller = CallerId(self.next_caller);
        self.next_caller += 1;
        self.arrivals_left -= 1;
        let world = &mut self.world;
        if self.arrivals_left > 0 {
            // Bursts and lulls.
            let pause = if world.dice.one_in(8) { 1200 } else { 60 };
            world.happens_in(0, pause, Happening::CallerArrives);
        }
        if world.strikes(Fault::CallerLeaves, 4) {
            world.news_in(0, 600, PoolEvent::CallerGone { caller });
        }
        let hurries = world.strikes(Fault::CallerHurries, 2);
        let limit = |world: &mut World| Some(world.now + world.dice.millis(0, 700));
        let (deadline, queue_deadline) = match (hurries, world.dice.between(0, 2)) {
            (true, 0) => (limit(world), limit(world)),
            (true, 1) => (None, limit(world)),
            (true, _) => (limit(world), None),
            (false, 0) => (Some(world.now + Duration::from_secs(30)), None),
            (false, _) => (None, None),
        };
        PoolEvent::CheckoutRequested {
            caller,
            deadline,
            queue_deadline,
        }
    }

    /// Tells old news, unless they would be news of something newer.
    fn repeat(&mut self, event: PoolEvent) -> Result<(), Box<Broken>> {
        let about_caller = match event {
            PoolEvent::CallEnded { caller, .. }
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
        match self.world.dice.between(0, 8) {
            0 => PoolEvent::CallerGone { caller },
            1 => PoolEvent::CallReturned { caller },
            2 => PoolEvent::ResidentsReleased { caller },
            3 => PoolEvent::RunnerAttached { runner },
            4 => PoolEvent::RunnerLost { runner },
            5 => PoolEvent::RunnerFinished { runner },
            6 => PoolEvent::InstanceGone { runner },
            7 => PoolEvent::DestroyFailed { runner },
            _ => PoolEvent::IdleAnswered { runner, idle: true },
        }
    }

    /// Takes one step with the pool and judges it.
    fn step(&mut self, event: Option<PoolEvent>) -> Result<(), Box<Broken>> {
        let now = self.world.now;
        self.judge(promises::deadlines_come_first(&self.pool, event, now))?;
        let due = self.pool.poll_timeout().is_some_and(|(at, _)| at <= now);
        if due && event.is_some() {
            self.step(None)?;
        }
        let mut step = Step {
            now,
            event,
            actions: Vec::new(),
            for_nothing: event.is_none() && !due && !self.journal.is_empty(),
            counts_before: self.pool.counts(),
        };
        self.journal.push((event, now));
        self.write_news(event);
        self.books.time(now);
        match event {
            Some(event) => {
                self.books.event(event, now);
                self.pool.handle_event(event, now);
            }
            None => self.pool.handle_timeout(now),
        }
        while let Some(action) = self.pool.poll_action() {
            self.actions += 1;
            self.write(&format!("        {action:?}"));
            for promise in PROMISES {
                if let Some(check) = promise.on_action {
                    let verdict = check(&self.books, &step, action);
                    self.judge(verdict.map_err(|detail| promise.broken(&detail)))?;
                }
            }
            self.books.action(action, event, now);
            self.world.carry_out(action);
            step.actions.push(action);
        }
        for promise in PROMISES {
            if let Some(check) = promise.on_step {
                let verdict = check(self, &step);
                self.judge(verdict.map_err(|detail| promise.broken(&detail)))?;
            }
        }
        if self.journal.len() > STEPS {
            let reason = self.pool.poll_timeout().map(|(_, reason)| reason);
            self.judge(Err(promises::goes_in_circles(reason)))?;
        }
        Ok(())
    }

    /// The same events at the same instants lead to the same state.
    fn replays(&self) -> Result<(), (String, String)> {
        let mut again = new_pool(&self.books.plan, self.seed);
        for &(event, now) in &self.journal {
            match event {
                Some(event) => again.handle_event(event, now),
                None => again.handle_timeout(now),
            }
            while again.poll_action().is_some() {}
        }
        promises::same_end(&again, &self.pool)
    }

    fn judge(&self, verdict: Result<(), (String, String)>) -> Result<(), Box<Broken>> {
        verdict.map_err(|(promise, detail)| {
            Box::new(Broken {
                seed: self.seed,
                step: self.journal.len(),
                promise,
                detail,
                transcript: self.transcript.clone(),
            })
        })
    }

    fn write_news(&mut self, event: Option<PoolEvent>) {
        if self.transcript.is_none() {
            return;
        }
        let at = (self.world.now - self.begun).as_millis();
        let reason: Option<TimerReason> = self.pool.poll_timeout().map(|(_, reason)| reason);
        match event {
            Some(event) => self.write(&format!("{at:>6}  {event:?}")),
            None => self.write(&format!("{at:>6}  time passes; next was {reason:?}")),
        }
    }

    fn write(&mut self, line: &str) {
        if let Some(transcript) = &mut self.transcript {
            writeln!(transcript, "{line}").unwrap();
        }
    }
}

fn new_pool(plan: &Plan, seed: u64) -> PoolState {
    PoolState::new(plan.limits.clone(), plan.timeouts.clone(), seed)
}

/// A caller is promised to be new, so it cannot ask twice; everything else can be heard twice.
fn may_come_twice(event: PoolEvent) -> bool {
    !matches!(event, PoolEvent::CheckoutRequested { .. })
}
