//! Whoever was on a runner that ended is told in that same step, and so are the owners of values there.
//! Nobody is lost while the runner has time. Whose work may begin again waits again instead; whose cannot
//! after all is told of the loss that it had.

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
    let (caller, runner) = match action {
        PoolAction::LoseCaller { caller, runner }
        | PoolAction::RetryCaller { caller, runner }
        | PoolAction::LoseResidents { caller, runner } => (caller, runner),
        PoolAction::RejectCaller { caller, .. } => {
            let lost_on = books.callers[&caller].lost_on;
            ensure!(
                lost_on.is_none(),
                "{caller} may have run on {lost_on:?}, and is told that it has not"
            );
            return Ok(());
        }
        _ => return Ok(()),
    };
    let page = &books.callers[&caller];
    let was_lost = page.place == Place::Waiting && page.lost_on == Some(runner);
    ensure!(
        was_lost || is_lost(books, step, caller, runner),
        "{caller} is lost with {runner}, which is {:?}",
        books.runners.get(&runner)
    );
    let begins_again = matches!(action, PoolAction::RetryCaller { .. });
    let may_begin_again = page.may_begin_again() && !books.life.is_shutting_down;
    // Time that passes in one leap may hold the loss before the end of a drain.
    ensure!(
        begins_again == may_begin_again || step.leaps() && page.may_begin_again(),
        "{action:?} of {page:?}"
    );
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
    // Whoever is killed with its pool hears that it was cancelled; its values are lost.
    let is_killed = books.life.is_killed && books.callers[&caller].outcome.is_some();
    is_there && (page.ended || is_out_of_time || is_given_up || is_killed)
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
