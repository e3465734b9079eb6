//! Every caller gets one answer, and is granted again only after its work was not started or is to begin again; and
//! the sums agree.

use super::super::books::Books;
use super::super::books::Place;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::pool::{CancelReason, PoolAction};

pub(super) const PROMISE: Promise = Promise {
    numbers: "27, 42",
    name: "one answer each",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    match action {
        PoolAction::GrantSlot { caller, .. } => {
            let place = books.place(caller);
            ensure!(
                place == Some(Place::Waiting),
                "{caller} is granted a slot while {place:?}"
            );
            let page = &books.callers[&caller];
            ensure!(
                page.grants <= page.returns + page.retried,
                "{caller} is granted again without a reason"
            );
        }
        PoolAction::RejectCaller { caller, .. }
        | PoolAction::ExpireCaller { caller }
        | PoolAction::LoseCaller { caller, .. }
        | PoolAction::RetryCaller { caller, .. }
        | PoolAction::CancelCall {
            caller,
            reason: CancelReason::PoolShutdown,
            ..
        } => {
            let awaited = books
                .callers
                .get(&caller)
                .is_some_and(|page| page.is_awaited());
            ensure!(
                awaited,
                "{caller} is answered although nobody waits: {action:?}"
            );
        }
        _ => {}
    }
    Ok(())
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    let counts = life.pool.counts();
    let sum = (counts.queued + counts.running) as u64 + counts.totals.answered();
    ensure!(counts.totals.submitted == sum, "{counts:?}");
    Ok(())
}
