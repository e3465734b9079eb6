//! Work is sent only to runners that are ready: not booting, draining, poisoned, ended or unknown.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;
use flame_core::runner::RunnerPhase;

pub(super) const PROMISE: Promise = Promise {
    numbers: "28",
    name: "grants go to ready runners",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::GrantSlot { caller, runner } = action {
        let phase = books.phase(runner);
        ensure!(
            phase == Some(RunnerPhase::Ready),
            "{caller} is sent to {runner}, which is {phase:?}"
        );
        let has_ended = books.runners[&runner].ended;
        ensure!(!has_ended, "{caller} is sent to {runner}, which has ended");
    }
    Ok(())
}
