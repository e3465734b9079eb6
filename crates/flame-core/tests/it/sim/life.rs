mod broken;
mod happen;
mod report;
mod step;

use std::fmt::Write as _;
use std::time::Instant;

use flame_core::pool::{PoolAction, PoolEvent, PoolStage, PoolState, TimerReason};

pub(crate) use broken::Broken;
pub(crate) use report::Report;
pub(crate) use step::Step;

use super::books::Books;
use super::dice::Dice;
use super::faults::{Fault, Faults};
use super::plan::Plan;
use super::promises::{self, PROMISES};
use super::schedule::Happening;
use super::world::World;

/// One life of a pool, from its first boot to its shutdown.
#[derive(Debug)]
pub(crate) struct Life {
    seed: u64,
    /// The pool that it began with.
    plan: Plan,
    pub(crate) pool: PoolState,
    pub(crate) books: Books,
    pub(crate) world: World,
    arrivals_left: u64,
    /// How far the pool was when it was killed.
    pub(crate) killed_while: Option<PoolStage>,
    next_caller: u64,
    journal: Vec<(Option<PoolEvent>, Instant)>,
    actions: u64,
    latest: Option<Instant>,
    /// What has happened, and the pool is about to hear.
    pub(crate) in_flight: Option<PoolEvent>,
    transcript: Option<String>,
    begun: Instant,
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
            killed_while: None,
            next_caller: 0,
            journal: Vec::new(),
            actions: 0,
            latest: None,
            in_flight: None,
            transcript: with_transcript.then(|| format!("{plan:#?}\n")),
            begun,
            plan,
        };
        life.world.happens_in(0, 300, Happening::CallerArrives);
        life.plan_the_owner();
        life
    }

    /// Plans what the owner of the pool will do.
    fn plan_the_owner(&mut self) {
        let world = &mut self.world;
        if world.looms(Fault::LimitsChange, 1) {
            for _ in 0..world.dice.between(2, 20) {
                world.happens_in(1, 6000, Happening::LimitsChange);
            }
        }
        if world.looms(Fault::PoolDrains, 1) {
            for _ in 0..world.dice.between(1, 2) {
                world.happens_in(1, 6000, Happening::PoolDrains);
            }
        }
        if world.looms(Fault::Shutdown, 1) {
            world.news_in(1, 4000, PoolEvent::ShutdownRequested);
        }
        if world.looms(Fault::PoolIsKilled, 2) {
            world.news_in(1, 6000, PoolEvent::KillRequested);
        }
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
            leavings: self.books.leavings,
            killed_while: self.killed_while,
            last: self.pool,
            transcript: self.transcript,
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
            let Some(happens_at) = happens_at else {
                return self.step(None);
            };
            if !self.world.strikes(Fault::WokenLate, 10) {
                return self.step(None);
            }
            self.world.now = self.world.now.max(happens_at);
        }
        if self.world.dice.one_in(20) {
            self.step(None)?;
        }
        match self.world.schedule.pop() {
            Some(happening) => self.happen(happening),
            None => Ok(()),
        }
    }

    /// Takes one step with the pool and judges it.
    fn step(&mut self, event: Option<PoolEvent>) -> Result<(), Box<Broken>> {
        let now = self.world.now;
        if let Some(latest) = self.latest
            && self.world.strikes(Fault::TimeGoesBack, 20)
        {
            let before = latest - self.world.dice.millis(1, 500);
            let verdict = promises::time_never_goes_back(&self.pool, event, before, latest);
            self.judge(verdict)?;
        }
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
        self.latest = Some(now);
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
            if let PoolAction::RetryCaller { .. } = action {
                self.world.faults.struck(Fault::CallerIsIdempotent);
            }
            step.actions.push(action);
        }
        self.books.note_surplus(now);
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
        let mut again = new_pool(&self.plan, self.seed);
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
    PoolState::new(plan.limits, plan.timeouts, seed)
}
