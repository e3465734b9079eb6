//! The end is confirmed as soon as no caller, no runner and no instance is left, not before, and once.

use flame_core::pool::PoolAction;

use super::super::books::{Books, Place};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "44",
    name: "shutdown is complete",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if action == PoolAction::ConfirmShutdown {
        ensure!(books.life.is_shutting_down, "the end was not asked for");
        ensure!(books.life.confirmed == 0, "the end is confirmed twice");
        let left = books.runners.len();
        ensure!(
            left == 0,
            "the end is confirmed, and {left} instances are left"
        );
        let mut callers = books.callers.values();
        let all_done = callers.all(|page| page.place == Place::Done);
        ensure!(all_done, "the end is confirmed, and callers are left");
    }
    Ok(())
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    let has_ended = life.books.life.is_shutting_down && life.books.runners.is_empty();
    ensure!(
        !has_ended || life.books.life.confirmed == 1,
        "nothing is left, and the end is not confirmed"
    );
    Ok(())
}
