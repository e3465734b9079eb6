//! A boot that takes too long is given up and written down as failed, and one that failed is not waited for.

use flame_core::pool::PoolAction;
use flame_core::runner::RunnerPhase;

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "17",
    name: "boots time out",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    match action {
        PoolAction::FailBoot { runner } => {
            let page = books.runners.get(&runner);
            let is_late = page.is_some_and(|page| {
                page.phase == RunnerPhase::Booting && page.boot_until <= step.now
            });
            ensure!(is_late, "the boot of {runner} has time, and is failed");
        }
        PoolAction::DestroyInstance { runner } => {
            let page = &books.runners[&runner];
            let is_late = page.phase == RunnerPhase::Booting && page.boot_until <= step.now;
            // Whoever ends the pool ends its boots, late or not.
            ensure!(
                !is_late || page.is_failed || books.life.is_shutting_down,
                "the boot of {runner} took too long, and nobody is told"
            );
        }
        _ => {}
    }
    Ok(())
}

fn on_step(life: &Life, step: &Step) -> Verdict {
    for (&runner, page) in &life.books.runners {
        if page.phase == RunnerPhase::Booting {
            ensure!(
                !page.ended && !page.is_failed,
                "the boot of {runner} failed, and is still there"
            );
            ensure!(
                page.boot_until > step.now,
                "the boot of {runner} takes too long"
            );
        }
    }
    Ok(())
}
