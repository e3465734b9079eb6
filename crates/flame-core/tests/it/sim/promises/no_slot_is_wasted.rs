//! Nobody waits beside a free slot.

use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "23",
    name: "no slot is wasted",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    let open = life.books.open();
    let waiting = life.books.waiting().count();
    let is_wasted = waiting > 0 && !open.is_empty() && !life.books.life.is_shutting_down;
    ensure!(!is_wasted, "{waiting} wait beside {open:?}");
    Ok(())
}
