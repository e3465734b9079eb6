//! After the shutdown began there is no boot, no welcome, no grant and no second try.

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

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if books.life.is_shutting_down {
        let starts = matches!(
            action,
            PoolAction::BootInstance { .. }
                | PoolAction::WelcomeRunner { .. }
                | PoolAction::GrantSlot { .. }
                | PoolAction::RetryCaller { .. }
        );
        // Time that passes in one leap may hold a loss before the end of a drain.
        let was_before = step.leaps() && matches!(action, PoolAction::RetryCaller { .. });
        ensure!(!starts || was_before, "{action:?} after the shutdown began");
    }
    Ok(())
}
