//! There are never more runners, boots and draining runners together than `max`.

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;

pub(super) const PROMISE: Promise = Promise {
    numbers: "10",
    name: "runners within the limit",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::BootInstance { runner } = action {
        let (live, max) = (books.live(), books.plan.limits.max());
        ensure!(
            live < max,
            "{runner} is booted beside {live} of at most {max}"
        );
    }
    Ok(())
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    let live = life.pool.counts();
    let live = live.ready + live.booting + live.draining + live.poisoned;
    let max = life.books.plan.limits.max();
    ensure!(live <= max, "{live} runners of at most {max}");
    Ok(())
}
