//! Work that nobody waits for is cancelled at once, once, and no other.

use flame_core::pool::{CancelReason, PoolAction};

use super::super::books::{Books, Place};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "beyond the list",
    name: "unwanted work is cancelled",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    let PoolAction::CancelCall {
        caller,
        runner,
        reason,
    } = action
    else {
        return Ok(());
    };
    let running = Place::Running {
        runner,
        cancelled: None,
    };
    let place = books.place(caller);
    ensure!(
        place == Some(running),
        "{caller} is cancelled on {runner} while {place:?}"
    );
    let page = &books.callers[&caller];
    let is_so = match reason {
        CancelReason::CallerGone => page.left,
        CancelReason::DeadlinePassed => page.deadline.is_some_and(|at| at <= step.now),
        CancelReason::PoolShutdown => books.shutting_down,
        CancelReason::DrainTimeout => !books.shutting_down,
    };
    ensure!(
        is_so,
        "{caller} is cancelled for {reason:?}, which is untrue"
    );
    Ok(())
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    for (caller, page) in &life.books.callers {
        if let Place::Running { cancelled, .. } = page.place {
            ensure!(
                page.is_awaited() || cancelled.is_some(),
                "nobody waits for {caller}, and its work goes on"
            );
        }
    }
    Ok(())
}
