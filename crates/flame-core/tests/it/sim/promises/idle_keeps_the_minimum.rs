//! Want of work takes no runner that demand, warm headroom or the minimum wants; only `min_idle_shutdown_after` goes below the minimum.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::{PoolAction, PoolEvent};

pub(super) const PROMISE: Promise = Promise {
    numbers: "34",
    name: "idle keeps the minimum",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let (PoolAction::DrainRunner { runner, .. }, Some(PoolEvent::IdleAnswered { .. })) =
        (action, step.event)
    {
        let left = books.ready() - 1;
        ensure!(
            left >= books.wanted(),
            "{runner} goes, {left} are left and {} wanted",
            books.wanted()
        );
        let agreed = books.runners[&runner].agreed;
        let may_go_below = agreed.is_some_and(|proposal| proposal.below_min);
        ensure!(
            left >= books.floor || may_go_below,
            "{runner} goes, {left} are left of {}",
            books.floor
        );
    }
    Ok(())
}
