//! A runner is told when what it has to know of limits and timeouts changes, before it is granted anything by it,
//! and only then.

use flame_core::pool::PoolAction;

use super::super::books::{Books, Told};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "beyond the list",
    name: "runners know their limits",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    match action {
        PoolAction::GrantSlot { runner, .. } => {
            let told = books.runners[&runner].told;
            ensure!(
                told == Some(current(books)),
                "{runner} is granted a slot, and believes in {told:?}"
            );
        }
        PoolAction::TellLimits { runner } => {
            let page = books.runners.get(&runner);
            let is_news = page.is_some_and(|page| {
                page.is_attached() && !page.ended && page.told != Some(current(books))
            });
            ensure!(is_news, "{runner} is told what it knows, or cannot hear");
        }
        _ => {}
    }
    Ok(())
}

fn on_step(life: &Life, _: &Step) -> Verdict {
    let current = current(&life.books);
    for (runner, page) in &life.books.runners {
        ensure!(
            !page.is_attached() || page.told == Some(current),
            "{runner} believes in {:?}",
            page.told
        );
    }
    Ok(())
}

fn current(books: &Books) -> Told {
    Told::of(&books.plan.limits, &books.plan.timeouts)
}
