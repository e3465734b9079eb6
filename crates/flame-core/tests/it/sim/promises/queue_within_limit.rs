//! The queue holds who waits: nobody twice, nobody who left, and no more newcomers than it may.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "20, 21, 22",
    name: "the queue is true",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    let (queued, waiting) = (life.pool.counts().queued, life.books.waiting().count());
    ensure!(queued == waiting, "{queued} are queued, and {waiting} wait");
    let newcomers = life
        .books
        .waiting()
        .filter(|(_, page)| page.returns == 0)
        .count();
    let limit = life.books.plan.limits.max_queue();
    ensure!(
        newcomers <= limit,
        "{newcomers} newcomers wait in a queue of {limit}"
    );
    Ok(())
}
