//! Only a runner without work and without left values is asked to go, only when that has been so for long
//! enough, and then it is asked. It goes when it agrees.

use flame_core::pool::{PoolAction, PoolEvent};
use flame_core::runner::RunnerPhase;

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "33",
    name: "idle means idle",
    on_action: Some(on_action),
    on_step: Some(on_step),
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
            ensure!(page.proposal.is_none(), "{runner} is asked twice to go");
            let span = books.idle_span();
            ensure!(span.is_some(), "{runner} is asked to go and is needed");
            let due_at = page.idle_since.zip(span).map(|(since, span)| since + span);
            ensure!(
                due_at.is_some_and(|at| at <= step.now),
                "{runner} is asked to go too early"
            );
        }
        (PoolAction::DrainRunner { runner, .. }, Some(PoolEvent::IdleAnswered { .. })) => {
            let used = books.used(runner);
            ensure!(
                used == 0,
                "{runner} is sent away for want of work with {used} uses"
            );
            let agrees = books.runners[&runner].agreed.is_some();
            ensure!(agrees, "{runner} is sent away, and did not agree to go");
        }
        _ => {}
    }
    Ok(())
}

fn on_step(life: &Life, step: &Step) -> Verdict {
    let books = &life.books;
    if books.life.is_shutting_down {
        return Ok(());
    }
    let idle_since = books
        .in_phase(RunnerPhase::Ready)
        .filter(|id| books.runners[id].proposal.is_none())
        .filter_map(|id| books.runners[&id].idle_since)
        .min();
    if let (Some(since), Some(span)) = (idle_since, books.idle_span()) {
        ensure!(
            since + span > step.now,
            "a runner is idle, and is not asked"
        );
    }
    if let Some(PoolEvent::IdleAnswered { runner, .. }) = step.event
        && let Some(page) = books.runners.get(&runner)
        && let Some(agreed) = page.agreed
        && page.phase == RunnerPhase::Ready
    {
        let least = if agreed.below_min {
            books.wanted()
        } else {
            books.target()
        };
        ensure!(
            books.ready() <= least,
            "{runner} is not needed, agreed to go, and stays"
        );
    }
    Ok(())
}
