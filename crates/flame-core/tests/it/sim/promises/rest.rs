//! What is judged over a whole life.

use std::time::Instant;

use flame_core::pool::{PoolEvent, PoolState, TimerReason};

use super::super::life::Life;

type Judgment = Result<(), (String, String)>;

fn broken(promise: &str, detail: impl Into<String>) -> (String, String) {
    (promise.to_owned(), detail.into())
}

/// When every life begins. The core takes any instant; nothing depends on which.
#[expect(
    clippy::disallowed_methods,
    reason = "an instant cannot be made without asking for one"
)]
pub(crate) fn epoch() -> Instant {
    use std::sync::OnceLock;
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}

/// When faults have stopped, everything settles: nobody waits, nothing runs, no instance is left over.
pub(crate) fn at_rest(life: &Life) -> Judgment {
    let counts = life.pool.counts();
    let busy = counts.queued + counts.running + counts.unconfirmed + counts.residents;
    if busy > 0 {
        return Err(broken(
            "everything resolves (43, 44)",
            format!("{counts:?}"),
        ));
    }
    unanswered(life)?;
    let in_between = counts.booting + counts.draining + counts.poisoned + counts.reaping;
    let target = if life.books.life.is_shutting_down {
        0
    } else {
        life.books.target()
    };
    if in_between > 0 || counts.ready != target {
        let detail = format!("{target} runners are wanted: {counts:?}");
        return Err(broken("the pool comes to rest (35, 45)", detail));
    }
    let living = life
        .world
        .instances
        .values()
        .filter(|instance| instance.alive)
        .count();
    if living != counts.ready {
        let detail = format!("{living} processes and {} runners", counts.ready);
        return Err(broken("processes are runners (45)", detail));
    }
    Ok(())
}

/// After the shutdown nothing is left, and that is said once.
pub(crate) fn at_the_end(life: &Life) -> Judgment {
    at_rest(life)?;
    if life.books.life.confirmed != 1 {
        let detail = format!("{} times", life.books.life.confirmed);
        return Err(broken("the end is confirmed once (44)", detail));
    }
    Ok(())
}

fn unanswered(life: &Life) -> Judgment {
    for (caller, page) in &life.books.callers {
        if page.is_awaited() {
            let detail = format!("{caller} still waits");
            return Err(broken("one answer each (27, 43)", detail));
        }
    }
    Ok(())
}

/// What was due before an event happens before it, however late the pool is told.
pub(crate) fn deadlines_come_first(
    pool: &PoolState,
    event: Option<PoolEvent>,
    now: Instant,
) -> Judgment {
    let Some(event) = event else { return Ok(()) };
    if pool.poll_timeout().is_none_or(|(at, _)| at > now) {
        return Ok(());
    }
    let (mut at_once, mut one_by_one) = (pool.clone(), pool.clone());
    at_once.handle_event(event, now);
    one_by_one.handle_timeout(now);
    one_by_one.handle_event(event, now);
    if at_once == one_by_one {
        Ok(())
    } else {
        Err(broken(
            "deadlines come first (39)",
            format!("{event:?} overtook a deadline"),
        ))
    }
}

/// An instant before the latest one is taken for the latest one.
pub(crate) fn time_never_goes_back(
    pool: &PoolState,
    event: Option<PoolEvent>,
    before: Instant,
    latest: Instant,
) -> Judgment {
    let (mut told_late, mut told_early) = (pool.clone(), pool.clone());
    match event {
        Some(event) => {
            told_late.handle_event(event, latest);
            told_early.handle_event(event, before);
        }
        None => {
            told_late.handle_timeout(latest);
            told_early.handle_timeout(before);
        }
    }
    if told_early == told_late {
        Ok(())
    } else {
        Err(broken(
            "time never goes back (39)",
            format!("{event:?} came at an earlier instant"),
        ))
    }
}

/// A life that does not come to rest.
pub(crate) fn goes_in_circles(reason: Option<TimerReason>) -> (String, String) {
    broken(
        "the pool comes to rest (40)",
        format!("it goes in circles, lastly for {reason:?}"),
    )
}

/// The same events at the same instants lead to the same state.
pub(crate) fn same_end(again: &PoolState, first: &PoolState) -> Judgment {
    if again == first {
        Ok(())
    } else {
        Err(broken(
            "lives repeat (38)",
            "the second time ended otherwise",
        ))
    }
}
