//! A runner of a single-use pool is granted one call in its life.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::pool::Reuse;

pub(super) const PROMISE: Promise = Promise {
    numbers: "32",
    name: "single use is single",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    if life.books.plan.limits.reuse() == Reuse::SingleUse {
        for (runner, page) in &life.books.runners {
            ensure!(
                page.grants <= 1,
                "{runner} was granted {} calls",
                page.grants
            );
        }
    }
    Ok(())
}
