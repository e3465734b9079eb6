//! The pool counts what its events and actions amount to, and every runner is in the phase that they
//! lead to.

use super::super::books::Place;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "2, 6, 7, 9, 21",
    name: "the books agree",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    let told: Vec<_> = life
        .pool
        .runners()
        .map(|(id, phase, _)| (id, phase))
        .collect();
    let booked: Vec<_> = life
        .books
        .runners
        .iter()
        .map(|(&id, page)| (id, page.phase))
        .collect();
    ensure!(told == booked, "runners are {told:?}, booked {booked:?}");
    let (mut running, mut unconfirmed, mut residents) = (0, 0, 0);
    for page in life.books.callers.values() {
        match page.place {
            Place::Running { .. } if page.is_awaited() => running += 1,
            Place::Running { .. } => unconfirmed += 1,
            Place::Resident { .. } => residents += 1,
            Place::Waiting | Place::Done => {}
        }
    }
    let counts = life.pool.counts();
    let told = (counts.running, counts.unconfirmed, counts.residents);
    let booked = (running, unconfirmed, residents);
    ensure!(
        told == booked,
        "running, unconfirmed and residents are {told:?}, booked {booked:?}"
    );
    Ok(())
}
