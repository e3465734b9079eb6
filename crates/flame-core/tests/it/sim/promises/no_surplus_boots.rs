//! No boot goes on that nothing wants.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "13",
    name: "no surplus boots",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    let (ready, booting) = (life.books.ready(), life.books.booting());
    let target = life.books.target();
    let is_surplus = booting > 0 && ready + booting > target;
    ensure!(
        !is_surplus,
        "{ready} runners, {booting} boots, and {target} wanted"
    );
    Ok(())
}
