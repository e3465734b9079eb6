//! Whoever calls back is welcomed if its boot is under way, and refused otherwise; it is told at once.

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::pool::{PoolAction, PoolEvent};
use flame_core::runner::RunnerPhase;

pub(super) const PROMISE: Promise = Promise {
    numbers: "12",
    name: "only wanted boots attach",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    match action {
        PoolAction::WelcomeRunner { runner } => {
            let phase = books.phase(runner);
            ensure!(
                phase == Some(RunnerPhase::Booting),
                "{runner} is welcomed while {phase:?}"
            );
        }
        PoolAction::RefuseRunner { runner } => {
            let phase = books.phase(runner);
            ensure!(
                phase != Some(RunnerPhase::Booting),
                "{runner} is refused while it boots"
            );
        }
        _ => {}
    }
    Ok(())
}

fn on_step(_: &Life, step: &Step) -> Verdict {
    if let Some(PoolEvent::RunnerAttached { runner }) = step.event {
        let answers = step.actions.iter().filter(|&&action| {
            action == PoolAction::WelcomeRunner { runner }
                || action == PoolAction::RefuseRunner { runner }
        });
        ensure!(
            answers.count() == 1,
            "{runner} called back and got no single answer"
        );
    }
    Ok(())
}
