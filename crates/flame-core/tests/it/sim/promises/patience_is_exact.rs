//! Waiting ends when the caller's patience ends, not before and not after; so does running.

use super::super::books::Books;
use super::super::books::Place;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::pool::{PoolAction, PoolEvent, RejectReason, Retry};

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
        PoolAction::LoseCaller { caller, .. } if books.place(caller) == Some(Place::Waiting) => {
            let at = books.callers.get(&caller).and_then(|page| page.give_up_at);
            let is_over = at.is_some_and(|at| at <= step.now);
            let is_hopeless = matches!(
                step.event,
                Some(PoolEvent::BootFailed {
                    retry: Retry::Never,
                    ..
                })
            );
            ensure!(
                is_over || is_hopeless || books.life.is_shutting_down,
                "{caller} has time to be tried again, and is lost"
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
