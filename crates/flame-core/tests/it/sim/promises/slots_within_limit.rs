//! No runner is granted more slots than `max_concurrency`. It has more only of what it had when that was lowered. One call
//! at a time takes none: that in the slot of the values that it needs.

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;

pub(super) const PROMISE: Promise = Promise {
    numbers: "1",
    name: "slots within the limit",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::GrantSlot { caller, runner } = action
        && books.slot_for(caller) == caller
    {
        let (used, limit) = (books.used(runner), books.plan.limits.max_concurrency());
        ensure!(used < limit, "{runner} has {used} of {limit} slots taken");
    }
    Ok(())
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    let limit = life.books.plan.limits.max_concurrency();
    for (runner, _, used) in life.pool.runners() {
        let inherited = life
            .books
            .runners
            .get(&runner)
            .map_or(0, |page| page.inherited);
        ensure!(
            used <= limit.max(inherited),
            "{runner} has {used} of {limit} slots taken"
        );
    }
    Ok(())
}
