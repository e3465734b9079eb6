//! The queue holds who waits: nobody twice, nobody who left, and no more newcomers than it may. Whoever
//! finds it full is turned away, and nobody else.

use flame_core::pool::{PoolAction, RejectReason};

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "20, 21, 22",
    name: "the queue is true",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::RejectCaller {
        caller,
        reason: RejectReason::QueueFull,
    } = action
    {
        let (newcomers, limit) = (books.newcomers().count(), books.plan.limits.max_queue());
        ensure!(
            newcomers > limit,
            "{caller} is turned away by {newcomers} in a queue of {limit}"
        );
        let newest = books.newcomers().max_by_key(|(_, page)| page.arrival);
        ensure!(
            newest.is_some_and(|(newest, _)| newest == caller),
            "{caller} is turned away and did not come last"
        );
    }
    Ok(())
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    let (queued, waiting) = (life.pool.counts().queued, life.books.waiting().count());
    ensure!(queued == waiting, "{queued} are queued, and {waiting} wait");
    let newcomers = life.books.newcomers().count();
    let limit = life.books.plan.limits.max_queue();
    ensure!(
        newcomers <= limit,
        "{newcomers} newcomers wait in a queue of {limit}"
    );
    Ok(())
}
