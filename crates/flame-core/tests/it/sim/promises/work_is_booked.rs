//! What really runs on a runner is what the pool believes to run there.

use super::super::books::Place;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::CallerId;
use flame_core::pool::PoolEvent;
use flame_core::runner::RunnerPhase;

pub(super) const PROMISE: Promise = Promise {
    numbers: "3, 4, 7",
    name: "work is booked",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, step: &Step) -> Verdict {
    for (&runner, instance) in life.world.instances.iter().filter(|(_, one)| one.alive) {
        let phase = life.books.phase(runner);
        if !phase.is_some_and(|phase| phase > RunnerPhase::Booting && phase < RunnerPhase::Reaping)
        {
            continue;
        }
        let running = life.books.on(runner).filter(|&(caller, page)| {
            let is_running = matches!(page.place, Place::Running { .. });
            is_running && !has_just_ended(life, step, caller)
        });
        let booked: Vec<_> = running.map(|(id, _)| id).collect();
        let really: Vec<_> = instance.calls.keys().copied().collect();
        ensure!(
            really == booked,
            "on {runner} run {really:?}, and the books say {booked:?}"
        );
    }
    Ok(())
}

/// Whether the news of its end have not reached the pool yet, because deadlines come first.
fn has_just_ended(life: &Life, step: &Step, call: CallerId) -> bool {
    match life.in_flight {
        Some(PoolEvent::CallEnded { caller, .. } | PoolEvent::CallReturned { caller }) => {
            step.event.is_none() && caller == call
        }
        _ => false,
    }
}
