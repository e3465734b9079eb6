//! A boot has a number that no boot had before, and yields at most one runner.

use super::super::books::Books;
use super::super::life::Step;
use super::{Promise, Verdict, ensure};
use flame_core::pool::PoolAction;

pub(super) const PROMISE: Promise = Promise {
    numbers: "11",
    name: "boots are new",
    on_action: Some(on_action),
    on_step: None,
};

fn on_action(books: &Books, _: &Step, action: PoolAction) -> Verdict {
    match action {
        PoolAction::BootInstance { runner } => {
            ensure!(
                !books.boots.contains(&runner),
                "{runner} is booted a second time"
            );
        }
        PoolAction::WelcomeRunner { runner } => {
            let welcomes = books.runners.get(&runner).map_or(0, |page| page.welcomes);
            ensure!(welcomes == 0, "{runner} is welcomed a second time");
        }
        _ => {}
    }
    Ok(())
}
