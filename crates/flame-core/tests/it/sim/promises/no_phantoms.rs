//! Every runner of the pool is a process, or news of its end are on their way.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "37",
    name: "no phantoms",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    for (runner, _, _) in life.pool.runners() {
        ensure!(
            life.world.instances.contains_key(&runner),
            "{runner} never was"
        );
        ensure!(
            life.books.runners.contains_key(&runner),
            "{runner} is gone, and the pool has it"
        );
    }
    Ok(())
}
