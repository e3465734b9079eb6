//! The runner with the least work gets the next call, or the one with the most, as was asked. A call that needs left
//! values goes to their runner.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::{Placement, PoolAction};

pub(super) const PROMISE: Promise = Promise {
    numbers: "29",
    name: "placement is kept",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::GrantSlot { caller, runner } = action {
        if let Some(group) = books.callers[&caller].pin {
            let home = books.home_of(group).map(|(home, _)| home);
            ensure!(
                home == Some(runner),
                "{caller} goes to {runner}, and its values are on {home:?}"
            );
            return Ok(());
        }
        let open = books.open();
        let used = books.used(runner);
        let best = match books.plan.limits.placement() {
            Placement::Spread => open.iter().map(|(used, _)| *used).min(),
            Placement::Pack => open.iter().map(|(used, _)| *used).max(),
        };
        ensure!(
            best == Some(used),
            "{runner} has {used} calls, and the best has {best:?}"
        );
    }
    Ok(())
}
