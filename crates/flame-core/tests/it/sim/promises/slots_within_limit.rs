//! No runner has more calls than `max_concurrency`.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "1",
    name: "slots within the limit",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    let limit = life.books.plan.limits.max_concurrency();
    for (runner, _, used) in life.pool.runners() {
        ensure!(used <= limit, "{runner} has {used} of {limit} slots taken");
    }
    Ok(())
}
