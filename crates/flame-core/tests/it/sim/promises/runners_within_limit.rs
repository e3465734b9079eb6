//! There are never more runners, boots and draining runners together than `max`, except after it was lowered:
//! then nothing boots, and what is too much is on its way out.

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::pool::{PoolAction, PoolCounts};

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

fn on_step(life: &Life, step: &Step) -> Verdict {
    let counts = life.pool.counts();
    let (live_before, live) = (live(&step.counts_before), live(&counts));
    let max = life.books.plan.limits.max();
    let (ready, booting) = (counts.ready, counts.booting);
    ensure!(
        ready + booting <= max,
        "{ready} runners and {booting} boots of at most {max}"
    );
    ensure!(
        live <= max || booting == 0,
        "{live} of at most {max} live, and {booting} boots go on"
    );
    let only_grows = live > max && live > live_before;
    ensure!(!only_grows, "{live} runners of at most {max}");
    Ok(())
}

fn live(counts: &PoolCounts) -> usize {
    counts.ready + counts.booting + counts.draining + counts.poisoned
}
