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
    let books = &life.books;
    let open = books.open();
    let waiting = books.unpinned().count();
    let is_wasted = waiting > 0 && !open.is_empty() && !books.life.is_shutting_down;
    ensure!(!is_wasted, "{waiting} wait beside {open:?}");
    for (caller, group, _) in books.pinned() {
        ensure!(
            !books.has_place_beside(group),
            "{caller} waits beside the values of {group}, and there is a slot"
        );
    }
    Ok(())
}
