//! What really runs on a runner is what the pool believes to run there.

use super::super::books::Place;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};
use flame_core::runner::RunnerPhase;

pub(super) const PROMISE: Promise = Promise {
    numbers: "3, 4, 7",
    name: "work is booked",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    for (&runner, instance) in life.world.instances.iter().filter(|(_, one)| one.alive) {
        let phase = life.books.phase(runner);
        if !phase.is_some_and(|phase| phase > RunnerPhase::Booting && phase < RunnerPhase::Reaping)
        {
            continue;
        }
        let running = |place| matches!(place, Place::Running { .. });
        let booked: Vec<_> = life
            .books
            .on(runner)
            .filter(|(_, page)| running(page.place))
            .map(|(id, _)| id)
            .collect();
        let really: Vec<_> = instance.calls.keys().copied().collect();
        ensure!(
            really == booked,
            "on {runner} run {really:?}, and the books say {booked:?}"
        );
    }
    Ok(())
}
