//! Outside a pause after failed boots there are as many runners and boots as callers want, or as many as there may be.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "14",
    name: "demand is served",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, step: &Step) -> Verdict {
    if life.books.life.is_shutting_down || life.books.pause.may_last(step.now) {
        return Ok(());
    }
    let (ready, booting, live) = (life.books.ready(), life.books.booting(), life.books.live());
    let (wanted, max) = (life.books.wanted(), life.books.plan.limits.max());
    let is_served = ready + booting >= wanted || live >= max;
    ensure!(
        is_served,
        "{ready} runners and {booting} boots, {wanted} wanted, {live} of {max} live"
    );
    Ok(())
}
