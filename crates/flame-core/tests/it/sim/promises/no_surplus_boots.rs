//! No boot goes on that nothing has wanted for a while.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "13",
    name: "no surplus boots",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, step: &Step) -> Verdict {
    let (ready, booting) = (life.books.ready(), life.books.booting());
    let target = life.books.target();
    ensure!(
        !life.books.is_surplus_over(step.now),
        "{ready} runners, {booting} boots, and {target} wanted"
    );
    Ok(())
}
