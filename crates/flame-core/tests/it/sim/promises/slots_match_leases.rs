//! A runner's taken slots are those of the calls and values that are on it: none leaks, none is freed twice, and none is freed before the runner has confirmed the end or has ended.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "2, 5, 6, 8, 9",
    name: "slots match leases",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    for (runner, phase, used) in life.pool.runners() {
        let booked = life.books.used(runner);
        ensure!(
            used == booked,
            "{runner} ({phase:?}) has {used} slots taken, and {booked} uses"
        );
    }
    Ok(())
}
