//! Every process is known to the pool or was told to end.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "36",
    name: "no orphans",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    for (&runner, instance) in life.world.instances.iter().filter(|(_, one)| one.alive) {
        let is_known = life.pool.runners().any(|(id, _, _)| id == runner);
        ensure!(
            is_known || instance.told_to_die,
            "{runner} lives, and nobody knows"
        );
    }
    Ok(())
}
