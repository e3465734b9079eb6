use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use flame_core::pool::{PoolAction, PoolEvent, PoolState, TimerReason};
use flame_core::runner::RunnerPhase;
use proptest_state_machine::StateMachineTest;

use super::choice::Choice;
use super::happening::Happening;
use super::naive::Naive;
use super::order::threads;
use super::report::Report;
use super::strategy::Life;
use super::tally;

/// The pool and the model side by side.
pub(super) struct Pair {
    pool: PoolState,
    model: Naive,
    now: Instant,
    /// How far the clock is behind for what happens next.
    behind: Duration,
    /// The latest instant that the pool has heard of: time does not go back for it.
    heard_at: Instant,
    report: Report,
}

impl StateMachineTest for Pair {
    type SystemUnderTest = Self;
    type Reference = Life;

    fn init_test(life: &Life) -> Self {
        let settings = life.settings;
        let mut pair = Self {
            model: Naive::new(settings.limits, settings.timeouts),
            pool: PoolState::new(settings.limits, settings.timeouts, settings.jitter_seed),
            now: life.began_at,
            behind: Duration::ZERO,
            heard_at: life.began_at,
            report: Report::begin(life.began_at),
        };
        pair.wake();
        pair
    }

    fn apply(mut pair: Self, _: &Life, happening: Happening) -> Self {
        match happening {
            Happening::Wakes => {
                if let Some((at, reason)) = pair.pool.poll_timeout() {
                    pair.wake_at(at, reason);
                }
            }
            Happening::Waits(span) => pair.wait(span),
            Happening::Sleeps(span) => {
                pair.now += span;
                pair.report.time_passes(span);
            }
            Happening::GoesBack(span) => pair.behind = span,
            Happening::Comes { .. }
            | Happening::OfCaller { .. }
            | Happening::OfRunner { .. }
            | Happening::IsReconfigured(_)
            | Happening::Drains(_)
            | Happening::ShutsDown
            | Happening::IsKilled => {
                if let Some(event) = happening.event(&pair.model, pair.now) {
                    pair.happen(event);
                }
            }
        }
        pair
    }

    fn teardown(pair: Self, _: Life) {
        tally::add(pair.report.into_tally());
    }
}

impl Pair {
    fn wait(&mut self, span: Duration) {
        let until = self.now + span;
        while let Some((at, reason)) = self.pool.poll_timeout()
            && at <= until
        {
            self.wake_at(at, reason);
        }
        self.report
            .time_passes(until.saturating_duration_since(self.now));
        self.now = until;
    }

    fn wake_at(&mut self, at: Instant, reason: TimerReason) {
        if at < self.now {
            self.report.count("woken late");
        }
        self.now = self.now.max(at);
        self.report.wakes(self.now, reason);
        self.wake();
    }

    fn wake(&mut self) {
        let actions = self.tell(PoolState::handle_timeout);
        let expected = self.model.wakes(self.heard_at, Choice(&actions));
        self.compare(&actions, &expected);
    }

    fn happen(&mut self, event: PoolEvent) {
        let ignored = self.model.numbers().ignored;
        self.report.happens(event, self.now);
        let actions = self.tell(|pool, now| pool.handle_event(event, now));
        let expected = self.model.happens(event, self.heard_at, Choice(&actions));
        self.report
            .counts_event(event, self.model.numbers().ignored > ignored);
        self.compare(&actions, &expected);
    }

    /// Tells the pool something, and takes what it does about it.
    fn tell(&mut self, news: impl FnOnce(&mut PoolState, Instant)) -> Vec<PoolAction> {
        let behind = std::mem::take(&mut self.behind);
        let now = self.now.checked_sub(behind).unwrap_or(self.now);
        if now < self.now {
            self.report.goes_back(behind);
        }
        let told = catch_unwind(AssertUnwindSafe(|| news(&mut self.pool, now)));
        self.heard_at = self.heard_at.max(now);
        self.report.holds(told.is_ok(), "the pool panics");
        let actions: Vec<_> = std::iter::from_fn(|| self.pool.poll_action()).collect();
        self.report.acts(&actions);
        actions
    }

    /// Whatever can be seen of the pool is as the model says.
    fn compare(&mut self, actions: &[PoolAction], expected: &[PoolAction]) {
        let report = &self.report;
        report.same("actions", &threads(actions), &threads(expected));
        report.same("numbers", &self.pool.counts().into(), &self.model.numbers());
        let runners: Vec<_> = self.pool.runners().collect();
        let expected = self.model.runners.iter();
        let expected = expected.filter(|runner| runner.phase != RunnerPhase::Gone);
        let expected: Vec<_> = expected
            .map(|runner| (runner.id, runner.phase, self.model.used(runner.id)))
            .collect();
        report.same("runners", &runners, &expected);
        self.compare_time();
        for corner in self.model.corners() {
            self.report.count(corner);
        }
    }

    /// The pool wants to be woken in time, though it may want to be woken without need.
    fn compare_time(&mut self) {
        let wake = self.pool.poll_timeout();
        if let Some((at, TimerReason::BootRetry)) = wake {
            let possible = self.model.pause_may_end(at);
            self.report
                .holds(possible, "the pause ends when it may not end");
        }
        if let Some((at, reason)) = wake {
            let later = at > self.heard_at;
            self.report.holds(later, &format!("{reason:?} is overdue"));
        }
        if let Some(due) = self.model.next_due() {
            let in_time = wake.is_some_and(|(at, _)| at <= due);
            let due = due.saturating_duration_since(self.heard_at);
            let wake =
                wake.map(|(at, reason)| (at.saturating_duration_since(self.heard_at), reason));
            self.report.holds(
                in_time,
                &format!("something is due in {due:?}, but the pool wants to be woken in {wake:?}"),
            );
        }
    }
}
