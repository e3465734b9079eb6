//! A runner that drains has its time: then its work is cancelled, then it has the grace, then it is
//! killed. So has a poisoned one.

use flame_core::pool::{CancelReason, PoolAction};
use flame_core::runner::RunnerPhase;

use super::super::books::{Books, Place};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "35",
    name: "drains end",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::CancelCall {
        caller,
        runner,
        reason: CancelReason::DrainTimeout | CancelReason::PoolShutdown,
    } = action
    {
        let page = books.runners.get(&runner);
        let is_due = books.life.is_killed || page.is_some_and(|page| page.is_out_of_time);
        ensure!(is_due, "{runner} has time, and {caller} is cancelled");
    }
    Ok(())
}

fn on_step(life: &Life, step: &Step) -> Verdict {
    for (&runner, page) in &life.books.runners {
        if page.phase != RunnerPhase::Draining && page.phase != RunnerPhase::Poisoned {
            continue;
        }
        let is_over = page.kill_at.is_some_and(|at| at <= step.now);
        ensure!(!is_over, "{runner} is {:?} for too long", page.phase);
        let goes_on = life.books.on(runner).any(|(_, page)| match page.place {
            Place::Running { cancelled, .. } => cancelled.is_none(),
            Place::Resident { .. } | Place::Waiting | Place::Done => false,
        });
        ensure!(
            !(page.is_out_of_time && goes_on),
            "{runner} is out of time, and not all of its work is cancelled"
        );
    }
    Ok(())
}
