//! Whoever waits longest of those who could have a slot gets it; a call that was returned keeps its place. Only the
//! slot of left values is for those alone who need them.

use super::super::books::{Books, CallerPage};
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;

pub(super) const PROMISE: Promise = Promise {
    numbers: "19",
    name: "first come, first served",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::GrantSlot { caller, runner } = action {
        let slot = books.slot_for(caller);
        let could_have_it = |page: &CallerPage| match page.pin {
            None => slot == caller,
            Some(group) => books
                .home_of(group)
                .is_some_and(|(home, its)| home == runner && (slot == caller || its == slot)),
        };
        let first = books
            .waiting()
            .filter(|(id, page)| *id == caller || could_have_it(page))
            .min_by_key(|(_, page)| page.arrival)
            .map(|(id, _)| id);
        ensure!(first == Some(caller), "{caller} is served before {first:?}");
    }
    Ok(())
}
