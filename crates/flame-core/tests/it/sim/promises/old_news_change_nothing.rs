//! What comes late, twice or for somebody unknown is counted and leads to nothing.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "8, 31",
    name: "old news change nothing",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, step: &Step) -> Verdict {
    let ignored = life.pool.counts().ignored - step.counts_before.ignored;
    if ignored > 0 {
        ensure!(
            step.actions.is_empty(),
            "{:?} was ignored and led to {:?}",
            step.event,
            step.actions
        );
    }
    Ok(())
}
