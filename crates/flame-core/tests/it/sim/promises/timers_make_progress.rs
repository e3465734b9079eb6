//! The next deadline is always in the future, and a wake-up that was not asked for changes nothing.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "40",
    name: "timers make progress",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, step: &Step) -> Verdict {
    if let Some((at, reason)) = life.pool.poll_timeout() {
        ensure!(at > step.now, "the next deadline has passed: {reason:?}");
    }
    if step.for_nothing {
        ensure!(
            step.actions.is_empty(),
            "nothing has happened, and it led to {:?}",
            step.actions
        );
    }
    Ok(())
}
