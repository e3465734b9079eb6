//! After failed boots none begins before the pause is over.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;

pub(super) const PROMISE: Promise = Promise {
    numbers: "16",
    name: "failed boots pause",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::BootInstance { runner } = action {
        ensure!(
            !books.pause.must_last(step.now),
            "{runner} is booted in the pause after a failure"
        );
    }
    Ok(())
}
