//! After the shutdown began there is no boot, no welcome and no grant.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;

pub(super) const PROMISE: Promise = Promise {
    numbers: "18",
    name: "nothing starts after shutdown",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if books.shutting_down {
        let starts = matches!(
            action,
            PoolAction::BootInstance { .. }
                | PoolAction::WelcomeRunner { .. }
                | PoolAction::GrantSlot { .. }
        );
        ensure!(!starts, "{action:?} after the shutdown began");
    }
    Ok(())
}
