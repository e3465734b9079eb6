//! Outside a pause after failed boots the minimum is there or booting.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "15",
    name: "minimum is kept",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, step: &Step) -> Verdict {
    // A pool that is to end keeps nothing.
    if !life.books.life.is_open() || life.books.pause.may_last(step.now) {
        return Ok(());
    }
    let (ready, booting, live) = (life.books.ready(), life.books.booting(), life.books.live());
    let (floor, max) = (life.books.floor, life.books.plan.limits.max());
    let is_kept = ready + booting >= floor || live >= max;
    ensure!(
        is_kept,
        "{ready} runners and {booting} boots of at least {floor}"
    );
    Ok(())
}
