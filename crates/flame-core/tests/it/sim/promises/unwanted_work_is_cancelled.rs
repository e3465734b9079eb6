//! Work that nobody waits for is cancelled at once, once, and no other.

use flame_core::pool::{CancelReason, PoolAction};

use super::super::books::{Books, Outcome, Place};
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
    let page = &books.callers[&caller];
    let is_running = match page.place {
        Place::Running {
            runner: its,
            cancelled,
        } => {
            // With the pool's end it is the caller's answer, even if its work was told to end before.
            let is_answer = reason == CancelReason::PoolShutdown && page.is_awaited();
            its == runner && (cancelled.is_none() || is_answer)
        }
        Place::Waiting | Place::Resident { .. } | Place::Done => false,
    };
    ensure!(is_running, "{caller} is cancelled on {runner}: {page:?}");
    let is_so = match reason {
        CancelReason::CallerGone => page.outcome == Some(Outcome::Left),
        CancelReason::DeadlinePassed => page.deadline.is_some_and(|at| at <= step.now),
        CancelReason::PoolShutdown => books.life.is_shutting_down,
        CancelReason::DrainTimeout => !books.life.is_shutting_down || step.leaps(),
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
