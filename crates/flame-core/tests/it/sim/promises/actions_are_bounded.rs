//! One event leads to no more actions than there are callers, runners and room for boots.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "41",
    name: "actions are bounded",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, step: &Step) -> Verdict {
    let before = step.counts_before;
    let callers = before.queued + before.running + before.unconfirmed + before.residents;
    let runners =
        before.ready + before.booting + before.draining + before.poisoned + before.reaping;
    let bound = 2 * callers + 3 * runners + life.books.plan.limits.max() + 4;
    let actions = step.actions.len();
    ensure!(
        actions <= bound,
        "{actions} actions where {bound} are enough"
    );
    Ok(())
}
