//! Runners without work.

use std::time::{Duration, Instant};

use flame_core::RunnerId;
use flame_core::pool::{DrainReason, PoolAction};

use super::super::choice::Choice;
use super::super::runner::Runner;
use super::{Naive, SHORTEST, after};

/// How a pool thinks of a runner without work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// It is needed.
    Needed,
    /// It is one of the last, which no demand needs.
    Last,
    /// It is one more than is needed.
    Spare,
}

impl Naive {
    /// Asks runners that have been without work for long enough whether they agree to go, the one that has
    /// been so for longest first.
    pub(super) fn ask_the_idle(&mut self, now: Instant, choice: Choice<'_>) {
        self.forget_questions(now);
        while let Some((at, since)) = self.next_question()
            && at <= now
        {
            let idle = self.runners.iter().filter(|runner| self.is_idle(runner));
            let idle = idle.filter(|runner| runner.idle_since == since);
            let idle: Vec<_> = idle.map(|runner| runner.id).collect();
            let is_last = self.use_of_one() == Use::Last;
            let Some(id) = choice.ask(&idle) else {
                return;
            };
            if let Some(runner) = self.runner(id) {
                runner.is_asked = true;
                runner.is_asked_as_last = is_last;
                runner.idle_since = now;
            }
            self.act(PoolAction::ProposeIdle { runner: id });
        }
    }

    /// A runner that does not answer in time counts as idle from then on.
    fn forget_questions(&mut self, now: Instant) {
        let span = self.idle_span();
        for runner in &mut self.runners {
            if let Some(until) = after(runner.idle_since, span)
                && runner.is_asked
                && until <= now
            {
                runner.is_asked = false;
                runner.idle_since = until;
            }
        }
    }

    /// A runner says whether it agrees to go. It goes if it is still not needed.
    pub(super) fn idle_answered(&mut self, id: RunnerId, agrees: bool, now: Instant) {
        let Some(runner) = self.runner(id).filter(|runner| runner.is_asked) else {
            return self.ignore();
        };
        runner.is_asked = false;
        runner.idle_since = now;
        let may_be_last = runner.is_asked_as_last;
        let others = self.ready() - 1;
        let goes = match self.use_beside(others) {
            Use::Needed => false,
            Use::Last => may_be_last,
            Use::Spare => true,
        };
        if agrees && goes {
            self.floor = self.floor.min(others);
            self.drain(id, DrainReason::Idle, now);
        }
    }

    /// When the next runner is asked, and since when it is idle.
    fn next_question(&self) -> Option<(Instant, Instant)> {
        let idle = self.runners.iter().filter(|runner| self.is_idle(runner));
        let since = idle.map(|runner| runner.idle_since).min()?;
        let span = match self.use_of_one() {
            Use::Needed => return None,
            Use::Last => self.timeouts.min_idle_shutdown_after?.max(self.idle_span()),
            Use::Spare => self.idle_span(),
        };
        Some((after(since, span)?, since))
    }

    /// When somebody is asked next, or a question forgotten.
    pub(super) fn next_idle_check(&self) -> Option<Instant> {
        let asked = self.runners.iter().filter(|runner| runner.is_asked);
        let forgotten = asked.filter_map(|runner| after(runner.idle_since, self.idle_span()));
        let question = self.next_question().map(|(at, _)| at);
        forgotten.chain(question).min()
    }

    /// What one more of those that were not asked is needed for, if all that were asked go.
    fn use_of_one(&self) -> Use {
        let asked = self.runners.iter().filter(|runner| runner.is_asked).count();
        match self.ready().checked_sub(asked + 1) {
            Some(others) => self.use_beside(others),
            None => Use::Needed,
        }
    }

    /// What one more runner beside so many others is needed for. Boots do not count: they may fail.
    fn use_beside(&self, others: usize) -> Use {
        if !self.stage.serves() || others < self.wanted_by_demand() {
            Use::Needed
        } else if others < self.kept() {
            Use::Last
        } else {
            Use::Spare
        }
    }

    fn is_idle(&self, runner: &Runner) -> bool {
        runner.is_ready() && !runner.is_asked && self.used(runner.id) == 0
    }

    fn ready(&self) -> usize {
        self.runners
            .iter()
            .filter(|runner| runner.is_ready())
            .count()
    }

    fn idle_span(&self) -> Duration {
        self.timeouts.idle_shutdown_after.max(SHORTEST)
    }
}
