//! A pool that drains takes nobody, and ends when nobody is left to serve or its time is over. A pool that is
//! killed has no runner any more.

use flame_core::pool::{PoolAction, PoolEvent, PoolStage, RejectReason};
use flame_core::runner::RunnerPhase;

use super::super::books::{Books, Outcome};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "beyond the list",
    name: "stages are true",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::RejectCaller {
        caller,
        reason: RejectReason::PoolShutdown,
    } = action
    {
        let is_newcomer = matches!(
            step.event,
            Some(PoolEvent::CheckoutRequested { caller: newest, .. }) if newest == caller
        );
        ensure!(
            books.life.is_shutting_down || books.life.is_draining && is_newcomer,
            "{caller} is turned away by a pool that serves it"
        );
    }
    Ok(())
}

fn on_step(life: &Life, step: &Step) -> Verdict {
    let books = &life.books;
    let (told, booked) = (life.pool.stage(), stage(books));
    ensure!(told == booked, "the pool is {told:?}, booked {booked:?}");
    if let Some(PoolEvent::CheckoutRequested { caller, .. }) = step.event
        && step.counts_before.stage != PoolStage::Open
    {
        let outcome = books.callers[&caller].outcome;
        let expected = Outcome::Rejected(RejectReason::PoolShutdown);
        ensure!(
            outcome == Some(expected),
            "{caller} came too late, and is {outcome:?}"
        );
    }
    if books.life.is_killed {
        for (runner, page) in &books.runners {
            ensure!(
                page.phase == RunnerPhase::Reaping,
                "{runner} is {:?} in a pool that was killed",
                page.phase
            );
        }
    }
    Ok(())
}

fn stage(books: &Books) -> PoolStage {
    let life = books.life;
    if life.confirmed > 0 {
        PoolStage::Ended
    } else if life.is_killed {
        PoolStage::Killing
    } else if life.is_shutting_down {
        PoolStage::ShuttingDown
    } else if life.is_draining {
        PoolStage::Draining
    } else {
        PoolStage::Open
    }
}
