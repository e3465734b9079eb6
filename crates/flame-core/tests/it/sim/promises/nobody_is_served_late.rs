//! No slot is granted at or after the end of the caller's patience.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;

pub(super) const PROMISE: Promise = Promise {
    numbers: "24",
    name: "nobody is served late",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::GrantSlot { caller, .. } = action {
        let give_up_at = books.callers.get(&caller).and_then(|page| page.give_up_at);
        let is_late = give_up_at.is_some_and(|at| at <= step.now);
        ensure!(!is_late, "{caller} is served after its patience has ended");
    }
    Ok(())
}
