//! The queue holds who waits: nobody twice, nobody who left, and no more newcomers than it may. Whoever
//! finds it full is turned away, and nobody else. Those who need left values have a queue of the same size.

use flame_core::CallerId;
use flame_core::pool::{PoolAction, PoolEvent, RejectReason};

use super::super::books::{Books, CallerPage};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "20, 21, 22",
    name: "the queue is true",
    on_action: Some(on_action),
    on_step: Some(on_step),
};

fn on_action(books: &Books, step: &Step, action: PoolAction) -> Verdict {
    if let PoolAction::RejectCaller {
        caller,
        reason: RejectReason::QueueFull,
    } = action
    {
        let pin = books.callers[&caller].pin;
        let (newcomers, limit) = (beside(books, pin).count(), books.plan.limits.max_queue());
        ensure!(
            newcomers > limit,
            "{caller} is turned away by {newcomers} in a queue of {limit}"
        );
        let newest = beside(books, pin).max_by_key(|(_, page)| page.arrival);
        ensure!(
            is_newcomer(step, caller),
            "{caller} was let in, and is turned away for want of room"
        );
        ensure!(
            newest.is_some_and(|(newest, _)| newest == caller),
            "{caller} is turned away and did not come last"
        );
    }
    Ok(())
}

fn on_step(life: &Life, step: &Step) -> Verdict {
    let (queued, waiting) = (life.pool.counts().queued, life.books.waiting().count());
    ensure!(queued == waiting, "{queued} are queued, and {waiting} wait");
    let limit = life.books.plan.limits.max_queue();
    // Whoever was let in stays when the limit is lowered.
    for (caller, page) in life.books.newcomers() {
        let newcomers = beside(&life.books, page.pin).count();
        ensure!(
            newcomers <= limit || !is_newcomer(step, caller),
            "{caller} waits with {newcomers} newcomers in a queue of {limit}"
        );
    }
    Ok(())
}

/// The newcomers in the same queue.
fn beside(books: &Books, pin: Option<CallerId>) -> impl Iterator<Item = (CallerId, &CallerPage)> {
    let newcomers = books.newcomers();
    newcomers.filter(move |(_, page)| page.pin.is_some() == pin.is_some())
}

fn is_newcomer(step: &Step, id: CallerId) -> bool {
    matches!(step.event, Some(PoolEvent::CheckoutRequested { caller, .. }) if caller == id)
}
