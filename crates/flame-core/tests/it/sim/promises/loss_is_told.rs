//! Whoever was on a runner that ended is told in that same step, and so are the owners of values there.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::runner::RunnerPhase;

pub(super) const PROMISE: Promise = Promise {
    numbers: "30",
    name: "loss is told",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    for runner in life.books.in_phase(RunnerPhase::Reaping) {
        let untold: Vec<_> = life.books.on(runner).map(|(id, _)| id).collect();
        ensure!(
            untold.is_empty(),
            "{runner} has ended, and {untold:?} do not know"
        );
    }
    for (runner, page) in &life.books.runners {
        ensure!(
            !page.ended,
            "{runner} has ended, and the pool goes on with it"
        );
    }
    Ok(())
}
