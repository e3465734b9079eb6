//! No instance is destroyed that was of use, and none is kept that is of none: a boot nobody has wanted for
//! a while, the newest first; a runner that has ended or was given its time; a poisoned one as soon as
//! nothing is left on it that was not cancelled. The backend is asked again only after a pause.

use std::time::Instant;

use flame_core::RunnerId;
use flame_core::pool::PoolAction;
use flame_core::runner::RunnerPhase;

use super::super::books::{Books, RunnerPage};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "9, 13, 35",
    name: "kills are due",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::DestroyInstance { runner } = action {
        let page = books.runners.get(&runner);
        let is_due = page.is_some_and(|page| is_due(books, runner, page, step.now));
        ensure!(is_due, "{runner} is destroyed without need: {page:?}");
    }
    Ok(())
}

fn is_due(books: &Books, runner: RunnerId, page: &RunnerPage, now: Instant) -> bool {
    let has_passed = |at: Option<Instant>| at.is_some_and(|at| at <= now);
    if books.life.is_killed && page.phase < RunnerPhase::Reaping {
        return true;
    }
    match page.phase {
        RunnerPhase::Booting => {
            let is_late = page.boot_until <= now;
            let is_newest = books.in_phase(RunnerPhase::Booting).last() == Some(runner);
            let is_unwanted = books.is_surplus_over(now);
            let is_excess = books.live() > books.plan.limits.max();
            let is_surplus = is_newest && (is_unwanted || is_excess);
            page.ended || is_late || is_surplus || books.life.is_shutting_down
        }
        RunnerPhase::Ready => page.ended,
        RunnerPhase::Draining => page.ended || has_passed(page.kill_at),
        RunnerPhase::Poisoned => {
            page.ended || has_passed(page.kill_at) || !books.has_work_worth_keeping(runner)
        }
        RunnerPhase::Reaping => has_passed(page.destroy_again_at),
        RunnerPhase::Gone => false,
    }
}

fn on_step(life: &Life, step: &Step) -> Verdict {
    for (&runner, page) in &life.books.runners {
        match page.phase {
            RunnerPhase::Poisoned => {
                ensure!(
                    life.books.has_work_worth_keeping(runner),
                    "{runner} is poisoned, and nothing that is wanted is left on it"
                );
            }
            RunnerPhase::Reaping => {
                let is_over = page.destroy_again_at.is_some_and(|at| at <= step.now);
                ensure!(!is_over, "{runner} should be destroyed once more");
            }
            RunnerPhase::Booting
            | RunnerPhase::Ready
            | RunnerPhase::Draining
            | RunnerPhase::Gone => {}
        }
    }
    Ok(())
}
