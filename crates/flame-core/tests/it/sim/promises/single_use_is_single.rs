//! A runner of a single-use pool is granted one call in its life, and those that need what that one has left.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::{PoolAction, Reuse};

pub(super) const PROMISE: Promise = Promise {
    numbers: "32",
    name: "single use is single",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::GrantSlot { caller, runner } = action
        && books.plan.limits.reuse() == Reuse::SingleUse
        && books.callers[&caller].pin.is_none()
    {
        let grants = books.runners[&runner].grants;
        ensure!(grants == 0, "{runner} was granted {grants} calls before");
    }
    Ok(())
}
