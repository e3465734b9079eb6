//! A runner is sent away for want of work, because it is used up, because it refuses whatever it is given, or
//! because the pool has too many, or ends. Of too many, those with the least work go.

use flame_core::RunnerId;
use flame_core::pool::{PoolAction, PoolEvent, Reuse};
use flame_core::runner::RunnerPhase;

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "beyond the list",
    name: "drains are due",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::DrainRunner { runner, .. } = action {
        let is_asked = matches!(step.event, Some(PoolEvent::IdleAnswered { .. }));
        ensure!(
            is_asked || is_due(books, runner),
            "{runner} is sent away without need"
        );
    }
    Ok(())
}

fn is_due(books: &Books, runner: RunnerId) -> bool {
    let (page, used) = (&books.runners[&runner], books.used(runner));
    let is_used_up = books.plan.limits.reuse() == Reuse::SingleUse && page.grants > 0 && used == 0;
    let is_out_of_step = page.returns_in_a_row >= 3;
    let ready = books.in_phase(RunnerPhase::Ready);
    let has_least = ready.map(|other| books.used(other)).min() == Some(used);
    let is_surplus = books.ready() > books.plan.limits.max() && has_least;
    let is_spare = books.life.is_draining && used == 0;
    is_used_up || is_out_of_step || is_surplus || is_spare || books.life.is_shutting_down
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    let books = &life.books;
    let is_single = books.plan.limits.reuse() == Reuse::SingleUse;
    for runner in books.in_phase(RunnerPhase::Ready) {
        let (page, used) = (&books.runners[&runner], books.used(runner));
        ensure!(
            !(is_single && page.grants > 0 && used == 0),
            "{runner} is used up, and stays"
        );
        ensure!(
            !books.life.is_draining || used > 0,
            "{runner} is kept by a pool that is to end"
        );
    }
    Ok(())
}
