//! Seeded lives of a runner, from its start until its process ends, by its own will or not.

mod book;
mod deeds;
mod promises;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use flame_core::CallId;
use flame_core::terminator::{
    Link, ParentLoss, TerminatorAction, TerminatorEvent, TerminatorSettings, TerminatorState,
};

use super::dice::Dice;
use super::life::Broken;
use book::{Book, Check};
pub(crate) use deeds::Deeds;

/// One life of a runner.
#[derive(Debug)]
pub(crate) struct RunnerLife {
    seed: u64,
    dice: Dice,
    state: TerminatorState,
    book: Book,
    now: Instant,
    next_call: u64,
    steps: usize,
    odds: Odds,
    deeds: Deeds,
    transcript: Option<String>,
}

/// What a life was good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunnerReport {
    pub(crate) steps: usize,
    /// How the process ended: by which exit code, and whether it had to be forced.
    pub(crate) end: (i32, bool),
    pub(crate) deeds: Deeds,
    pub(crate) transcript: Option<String>,
}

/// One event in so many is of a kind; every seed draws its own, so that some lives are nearly calm.
#[derive(Clone, Debug)]
struct Odds {
    loss: u64,
    drain: u64,
    refusal: u64,
    cancel: u64,
    stuck: u64,
    settings: u64,
    question: u64,
    calm: u64,
}

/// What one event or timeout has led to.
#[derive(Debug)]
struct Step {
    now: Instant,
    event: Option<TerminatorEvent>,
    actions: Vec<TerminatorAction>,
    for_nothing: bool,
    was_leaving: bool,
    /// The work of a received call runs already.
    is_known: bool,
    check_before: Check,
}

impl RunnerLife {
    pub(crate) fn new(seed: u64, began: Instant, with_transcript: bool) -> Self {
        let mut dice = Dice::new(seed);
        let settings = TerminatorSettings {
            max_concurrency: dice.count(1, 4),
            attach_timeout: Duration::from_millis(500),
            shutdown_timeout: Duration::from_millis(800),
            cancel_grace: dice.millis(0, 300),
            has_idle_check: dice.one_in(2),
        };
        let odds = Odds {
            loss: dice.between(10, 300),
            drain: dice.between(4, 200),
            refusal: dice.between(4, 200),
            cancel: dice.between(3, 20),
            stuck: if dice.one_in(2) {
                dice.between(1, 2)
            } else {
                dice.between(3, 20)
            },
            settings: dice.between(10, 200),
            question: dice.between(2, 20),
            calm: dice.between(1, 6),
        };
        Self {
            seed,
            state: TerminatorState::new(settings.clone(), began),
            book: Book::new(&settings, began),
            dice,
            now: began,
            next_call: 0,
            steps: 0,
            odds,
            deeds: Deeds::default(),
            transcript: with_transcript.then(String::new),
        }
    }

    /// Lives the life. At last the parent is lost, and nobody helps: the runner has to end itself.
    pub(crate) fn live(mut self) -> Result<RunnerReport, Box<Broken>> {
        if self.dice.one_in(2) {
            self.step(Some(TerminatorEvent::Attached))?;
            for _ in 0..self.dice.between(0, 4) {
                let call = self.receive();
                self.step(Some(call))?;
            }
        }
        for _ in 0..self.dice.between(20, 120) {
            self.now += self.dice.millis(0, 120);
            let event = self.draw();
            self.step(event)?;
        }
        let how = ParentLoss::Silent;
        self.step(Some(TerminatorEvent::ParentLost { how }))?;
        while let Some((at, _)) = self.state.poll_timeout() {
            self.now = at;
            self.step(None)?;
        }
        let Some(end) = self.book.end() else {
            return Err(self.broken("every runner ends", "the process lives on"));
        };
        Ok(RunnerReport {
            steps: self.steps,
            end,
            deeds: self.deeds,
            transcript: self.transcript,
        })
    }

    fn draw(&mut self) -> Option<TerminatorEvent> {
        let how = ParentLoss::Closed;
        if self.dice.one_in(self.odds.loss) {
            return Some(TerminatorEvent::ParentLost { how });
        }
        let is_leaving = self.book.leaving.is_some();
        if self
            .dice
            .one_in(if is_leaving { 8 } else { self.odds.drain })
        {
            let timeout = self.dice.millis(0, 1000);
            return Some(TerminatorEvent::DrainRequested { timeout });
        }
        if self.dice.one_in(self.odds.refusal) {
            return Some(TerminatorEvent::Refused);
        }
        let cancels = if is_leaving { 3 } else { self.odds.cancel };
        if self.dice.one_in(cancels) {
            return Some(self.cancel());
        }
        if self
            .dice
            .one_in(if is_leaving { 4 } else { self.odds.settings })
        {
            return Some(self.change_settings());
        }
        if self.book.is_idle() && self.dice.one_in(self.odds.question) {
            return Some(TerminatorEvent::IdleProposed);
        }
        if self.book.check != Check::None && self.dice.one_in(2) {
            return self.meanwhile();
        }
        match self.dice.between(0, 9) {
            0 => Some(TerminatorEvent::Attached),
            1..=3 if self.dice.one_in(self.odds.calm) => Some(self.receive()),
            4 | 5 => self.end_some_call(),
            6 => Some(TerminatorEvent::IdleProposed),
            8 => self.check_idle(),
            7 => {
                let residents = self.dice.count(0, 1);
                Some(TerminatorEvent::ResidentsChanged { residents })
            }
            _ => None,
        }
    }

    fn receive(&mut self) -> TerminatorEvent {
        let is_repeated = self.next_call > 0 && self.dice.one_in(20);
        if !is_repeated {
            self.next_call += 1;
        }
        let link = if self.dice.one_in(2) {
            Link::Linked
        } else {
            Link::Detached
        };
        let call = CallId(self.next_call - 1);
        TerminatorEvent::CallReceived { call, link }
    }

    fn cancel(&mut self) -> TerminatorEvent {
        let running: Vec<CallId> = self.book.running().collect();
        let chosen = self.dice.count(0, running.len().max(1) - 1);
        // It may have ended, and may never have been.
        let stray = CallId(self.dice.between(0, self.next_call));
        let call = running.get(chosen).copied().unwrap_or(stray);
        let call = if self.dice.one_in(4) { stray } else { call };
        TerminatorEvent::CancelRequested { call }
    }

    /// What can happen while the user's check runs.
    fn meanwhile(&mut self) -> Option<TerminatorEvent> {
        match self.dice.between(0, 5) {
            0 => Some(TerminatorEvent::IdleProposed),
            1 => {
                let residents = self.dice.count(0, 1);
                Some(TerminatorEvent::ResidentsChanged { residents })
            }
            2 => Some(self.receive()),
            3 | 4 => self.end_some_call(),
            _ => self.check_idle(),
        }
    }

    fn check_idle(&mut self) -> Option<TerminatorEvent> {
        // It may be asked for by nobody.
        let is_stray = self.dice.one_in(20);
        let idle = self.dice.one_in(2);
        (is_stray || self.book.check != Check::None)
            .then_some(TerminatorEvent::IdleChecked { idle })
    }

    fn change_settings(&mut self) -> TerminatorEvent {
        TerminatorEvent::SettingsChanged {
            max_concurrency: self.dice.count(1, 4),
            shutdown_timeout: self.dice.millis(0, 1500),
            cancel_grace: if self.dice.one_in(2) {
                self.dice.millis(0, 60)
            } else {
                self.dice.millis(300, 900)
            },
        }
    }

    fn end_some_call(&mut self) -> Option<TerminatorEvent> {
        let running = self.book.running();
        // Some work never ends.
        let stuck = self.odds.stuck;
        let mortal: Vec<CallId> = running
            .filter(|call| call.0 % (stuck + 1) != stuck)
            .collect();
        let chosen = self.dice.count(0, mortal.len().max(1) - 1);
        let call = mortal.get(chosen).copied()?;
        Some(TerminatorEvent::CallEnded { call })
    }

    fn step(&mut self, event: Option<TerminatorEvent>) -> Result<(), Box<Broken>> {
        let now = self.now;
        let due = self.state.poll_timeout().is_some_and(|(at, _)| at <= now);
        if let (true, Some(event)) = (due, event) {
            self.deadlines_come_first(event)?;
            self.step(None)?;
        }
        let mut step = Step {
            now,
            event,
            actions: Vec::new(),
            for_nothing: event.is_none() && !due,
            was_leaving: self.book.leaving.is_some(),
            is_known: self.book.knows(event),
            check_before: self.book.check,
        };
        self.steps += 1;
        match event {
            Some(event) => self.write(&format!("{event:?}")),
            None => self.write("time passes"),
        }
        match event {
            Some(event) => {
                self.deeds.hear(event);
                self.book.event(event, now);
                self.state.handle_event(event, now);
            }
            None => self.state.handle_timeout(now),
        }
        while let Some(action) = self.state.poll_action() {
            self.write(&format!("        {action:?}"));
            promises::on_action(&self.book, &step, action)
                .map_err(|(promise, detail)| self.broken(promise, &detail))?;
            self.deeds.note(action, event);
            self.book.action(action, event, now);
            step.actions.push(action);
        }
        promises::on_step(&self.book, &self.state, &step)
            .map_err(|(promise, detail)| self.broken(promise, &detail))
    }

    fn deadlines_come_first(&self, event: TerminatorEvent) -> Result<(), Box<Broken>> {
        let (mut at_once, mut one_by_one) = (self.state.clone(), self.state.clone());
        at_once.handle_event(event, self.now);
        one_by_one.handle_timeout(self.now);
        one_by_one.handle_event(event, self.now);
        if at_once == one_by_one {
            return Ok(());
        }
        let detail = format!("{event:?} overtook a deadline");
        Err(self.broken("a runner's deadlines come first", &detail))
    }

    fn broken(&self, promise: &str, detail: &str) -> Box<Broken> {
        Box::new(Broken {
            seed: self.seed,
            step: self.steps,
            promise: format!("{promise} (runner)"),
            detail: detail.to_owned(),
            transcript: self.transcript.clone(),
        })
    }

    fn write(&mut self, line: &str) {
        if let Some(transcript) = &mut self.transcript {
            writeln!(transcript, "{line}").unwrap();
        }
    }
}

/// How many lives ended how.
pub(crate) type Ends = BTreeMap<(i32, bool), u64>;
