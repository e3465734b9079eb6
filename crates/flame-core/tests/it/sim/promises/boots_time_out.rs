//! A boot that takes too long is given up, and one that failed is not waited for.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::runner::RunnerPhase;

pub(super) const PROMISE: Promise = Promise {
    numbers: "17",
    name: "boots time out",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, step: &Step) -> Verdict {
    let patience = life.books.plan.timeouts.boot_timeout;
    for (&runner, page) in &life.books.runners {
        if page.phase == RunnerPhase::Booting {
            ensure!(
                !page.ended,
                "the boot of {runner} failed, and is still there"
            );
            ensure!(
                page.since + patience > step.now,
                "the boot of {runner} takes too long"
            );
        }
    }
    Ok(())
}
