//! Whoever waits longest is served first; a call that was returned keeps its place.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;

pub(super) const PROMISE: Promise = Promise {
    numbers: "19",
    name: "first come, first served",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::GrantSlot { caller, .. } = action {
        let first = books
            .waiting()
            .min_by_key(|(_, page)| page.arrival)
            .map(|(id, _)| id);
        ensure!(first == Some(caller), "{caller} is served before {first:?}");
    }
    Ok(())
}
