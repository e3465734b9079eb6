//! Only a runner without work and without left values is asked to go, and only when that has been so for long enough.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::{PoolAction, PoolEvent};
use flame_core::runner::RunnerPhase;

pub(super) const PROMISE: Promise = Promise {
    numbers: "33",
    name: "idle means idle",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    match (action, step.event) {
        (PoolAction::ProposeIdle { runner }, _) => {
            let used = books.used(runner);
            ensure!(used == 0, "{runner} is asked to go with {used} uses");
            let page = &books.runners[&runner];
            ensure!(
                page.phase == RunnerPhase::Ready,
                "{runner} is asked to go while {:?}",
                page.phase
            );
            let due_at = page
                .idle_since
                .map(|since| since + books.plan.timeouts.idle_shutdown_after);
            ensure!(
                due_at.is_some_and(|at| at <= step.now),
                "{runner} is asked to go too early"
            );
        }
        (PoolAction::DrainRunner { runner }, Some(PoolEvent::IdleAnswered { .. })) => {
            let used = books.used(runner);
            ensure!(
                used == 0,
                "{runner} is sent away for want of work with {used} uses"
            );
        }
        _ => {}
    }
    Ok(())
}
