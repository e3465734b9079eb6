//! A failed boot fails no caller, unless no repetition can mend it and no runner is there; then it fails
//! all that wait, at once.

use flame_core::pool::{PoolAction, PoolEvent, RejectReason, Retry, Reuse};

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "26",
    name: "failed boots fail nobody",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::RejectCaller {
        caller,
        reason: RejectReason::BootFailed,
    } = action
    {
        ensure!(is_final(step), "{caller} is failed by {:?}", step.event);
        ensure!(!goes_on(books), "{caller} is failed although runners serve");
        let pin = books.callers[&caller].pin;
        ensure!(pin.is_none(), "{caller} waits for no boot, and is failed");
    }
    Ok(())
}

fn on_step(life: &Life, step: &Step) -> Verdict {
    let waiting = life.books.unpinned().count();
    ensure!(
        waiting == 0 || !is_final(step) || goes_on(&life.books),
        "{waiting} wait for boots that will not succeed"
    );
    Ok(())
}

/// Whether a boot under way has failed for good.
fn is_final(step: &Step) -> bool {
    match step.event {
        Some(PoolEvent::BootFailed {
            runner,
            retry: Retry::Never,
        }) => step.gave_up(runner),
        _ => false,
    }
}

/// Whether there are runners that will take further calls.
fn goes_on(books: &Books) -> bool {
    match books.plan.limits.reuse() {
        Reuse::Many => books.ready() > 0,
        Reuse::SingleUse => false,
    }
}
