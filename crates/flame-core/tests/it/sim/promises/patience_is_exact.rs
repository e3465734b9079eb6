//! Waiting ends when the caller's patience ends, not before and not after; so does running.

use super::super::books::Books;
use super::super::books::Place;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::pool::{PoolAction, RejectReason};

pub(super) const PROMISE: Promise = Promise {
    numbers: "25",
    name: "patience is exact",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    match action {
        PoolAction::RejectCaller {
            caller,
            reason: RejectReason::QueueTimeout,
        } => {
            let at = books.callers.get(&caller).and_then(|page| page.give_up_at);
            ensure!(
                at.is_some_and(|at| at <= step.now),
                "{caller} is turned away too early"
            );
        }
        PoolAction::ExpireCaller { caller } => {
            let at = books.callers.get(&caller).and_then(|page| page.deadline);
            ensure!(
                at.is_some_and(|at| at <= step.now),
                "{caller} expires too early"
            );
        }
        _ => {}
    }
    Ok(())
}

fn on_step(life: &Life, step: &Step) -> Verdict {
    for (caller, page) in life.books.waiting() {
        let is_over = page.give_up_at.is_some_and(|at| at <= step.now);
        ensure!(!is_over, "{caller} still waits");
    }
    for (caller, page) in &life.books.callers {
        let runs = matches!(page.place, Place::Running { .. });
        let is_over = page.deadline.is_some_and(|at| at <= step.now);
        ensure!(
            !(runs && is_over && page.is_awaited()),
            "{caller} was not told of its deadline"
        );
    }
    Ok(())
}
