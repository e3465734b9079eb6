//! Who needs values waits as long as they can be used, is told as soon as they cannot, and is told so only then.

use flame_core::pool::{PoolAction, RejectReason};

use super::super::books::Books;
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "beyond the list",
    name: "pins are true",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::RejectCaller {
        caller,
        reason: RejectReason::ResidentsGone,
    } = action
    {
        let pin = books.callers[&caller].pin;
        let is_true = pin.is_some_and(|group| books.home_of(group).is_none());
        ensure!(
            is_true,
            "{caller} is told that the values of {pin:?} are gone"
        );
    }
    Ok(())
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    let books = &life.books;
    for (caller, group, _) in books.pinned() {
        ensure!(
            books.home_of(group).is_some(),
            "{caller} waits for values of {group} that cannot be used"
        );
    }
    let (told, booked) = (life.pool.counts().pinned, books.pinned().count());
    ensure!(told == booked, "{told} are pinned, booked {booked}");
    Ok(())
}
