//! A runner that leaves does so by a goodbye, or by a kill when its time is over; and the backend is
//! asked to destroy its instance until it confirms.

use std::time::Duration;

use flame_core::runner::RunnerPhase;

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "35",
    name: "drains end",
    on_action: None,
    on_step: Some(on_step),
};

/// How late its deadlines may be noticed when time jumps, at most once for each.
const JUMPS: Duration = Duration::from_secs(10);

fn on_step(life: &Life, step: &Step) -> Verdict {
    let timeouts = &life.books.plan.timeouts;
    let patience = timeouts.shutdown_timeout + timeouts.cancel_grace + JUMPS;
    for (runner, page) in &life.books.runners {
        if page.phase == RunnerPhase::Draining || page.phase == RunnerPhase::Poisoned {
            let is_over = page.since + patience <= step.now;
            ensure!(!is_over, "{runner} is {:?} for too long", page.phase);
        }
        if page.phase == RunnerPhase::Reaping {
            ensure!(page.destroys > 0, "{runner} ended and nobody destroys it");
        }
    }
    Ok(())
}
