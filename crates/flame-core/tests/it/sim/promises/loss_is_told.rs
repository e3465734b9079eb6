//! Whoever was on a runner that ended is told in that same step, and so are the owners of values there.
//! Nobody is lost while the runner has time.

use flame_core::pool::PoolAction;
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::super::books::{Books, Place};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "30",
    name: "loss is told",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::LoseCaller { caller, runner }
    | PoolAction::LoseResidents { caller, runner } = action
    {
        ensure!(
            is_lost(books, step, caller, runner),
            "{caller} is lost with {runner}, which is {:?}",
            books.runners.get(&runner)
        );
    }
    Ok(())
}

fn is_lost(books: &Books, step: &Step, caller: CallerId, runner: RunnerId) -> bool {
    let Some(page) = books.runners.get(&runner) else {
        return false;
    };
    let place = books.place(caller);
    let is_there = match place {
        Some(Place::Running { runner: its, .. } | Place::Resident { runner: its }) => its == runner,
        Some(Place::Waiting | Place::Done) | None => false,
    };
    let is_cancelled = matches!(
        place,
        Some(Place::Running {
            cancelled: Some(_),
            ..
        })
    );
    let is_out_of_time = page.kill_at.is_some_and(|at| at <= step.now);
    let is_given_up = page.phase == RunnerPhase::Poisoned && is_cancelled;
    is_there && (page.ended || is_out_of_time || is_given_up)
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    for runner in life.books.in_phase(RunnerPhase::Reaping) {
        let untold: Vec<_> = life.books.on(runner).map(|(id, _)| id).collect();
        ensure!(
            untold.is_empty(),
            "{runner} has ended, and {untold:?} do not know"
        );
    }
    for (runner, page) in &life.books.runners {
        ensure!(
            !page.ended,
            "{runner} has ended, and the pool goes on with it"
        );
    }
    Ok(())
}
