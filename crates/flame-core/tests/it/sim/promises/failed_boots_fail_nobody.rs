//! A failed boot fails no caller, unless no repetition can mend it.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::{PoolAction, PoolEvent, RejectReason, Retry};

pub(super) const PROMISE: Promise = Promise {
    numbers: "26",
    name: "failed boots fail nobody",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(_: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::RejectCaller {
        caller,
        reason: RejectReason::BootFailed,
    } = action
    {
        let is_final = matches!(
            step.event,
            Some(PoolEvent::BootFailed {
                retry: Retry::Never,
                ..
            })
        );
        ensure!(is_final, "{caller} is failed by {:?}", step.event);
    }
    Ok(())
}
