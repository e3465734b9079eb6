use std::panic::{AssertUnwindSafe, catch_unwind};

use flame_core::{PoolName, RunnerId};

use super::{Growth, GrowthEnd, GrowthOutcome, Hook, Hooks, Shrink};
use crate::error::LossReason;
use crate::pool::Event;

/// One call of one hook.
#[derive(Debug)]
pub(super) enum Occasion {
    GrowStart(Growth),
    GrowEnd(GrowthEnd),
    Shrink(Shrink),
}

impl Occasion {
    /// The call that the event is a reason for, if it is one.
    pub(super) fn of(event: &Event, pool: &PoolName) -> Option<Self> {
        let pool = pool.to_string();
        match event.clone() {
            Event::Booting {
                runner,
                name,
                runners: count,
            } => Some(Self::GrowStart(Growth {
                pool,
                count,
                runner,
                name,
            })),
            Event::Ready {
                runner,
                name,
                after,
                runners,
            } => {
                let outcome = GrowthOutcome::Ready { after };
                Some(Self::grow_end(pool, runners, runner, name, outcome))
            }
            Event::BootFailed {
                runner,
                name,
                failure,
                runners,
            } => {
                let outcome = GrowthOutcome::Failed(failure);
                Some(Self::grow_end(pool, runners, runner, name, outcome))
            }
            Event::BootGivenUp {
                runner,
                name,
                runners,
            } => {
                let outcome = GrowthOutcome::GivenUp;
                Some(Self::grow_end(pool, runners, runner, name, outcome))
            }
            Event::Finished {
                runner,
                name,
                runners,
            } => Some(Self::shrink(pool, runners, runner, name, None)),
            Event::Lost {
                runner,
                name,
                reason,
                runners,
                calls: _,
            } => Some(Self::shrink(pool, runners, runner, name, Some(reason))),
            Event::Draining { .. }
            | Event::Gone { .. }
            | Event::Degraded { .. }
            | Event::Recovered
            | Event::Missed { .. } => None,
        }
    }

    fn grow_end(
        pool: String,
        count: usize,
        runner: RunnerId,
        name: String,
        outcome: GrowthOutcome,
    ) -> Self {
        Self::GrowEnd(GrowthEnd {
            pool,
            count,
            runner,
            name,
            outcome,
        })
    }

    fn shrink(
        pool: String,
        count: usize,
        runner: RunnerId,
        name: String,
        lost: Option<LossReason>,
    ) -> Self {
        Self::Shrink(Shrink {
            pool,
            count,
            runner,
            name,
            lost,
        })
    }

    /// Whether there is a hook to be called.
    pub(super) fn is_wanted(&self, hooks: &Hooks) -> bool {
        match self {
            Self::GrowStart(_) => hooks.grow_start.is_some(),
            Self::GrowEnd(_) => hooks.grow_end.is_some(),
            Self::Shrink(_) => hooks.shrink.is_some(),
        }
    }

    /// Calls the hook.
    pub(super) fn run(&self, hooks: &Hooks, pool: &PoolName) {
        match self {
            Self::GrowStart(growth) => call("on_grow_start", &hooks.grow_start, growth, pool),
            Self::GrowEnd(growth) => call("on_grow_end", &hooks.grow_end, growth, pool),
            Self::Shrink(shrink) => call("on_shrink", &hooks.shrink, shrink, pool),
        }
    }
}

/// Calls a hook. If it panics, this is logged, and what it shares with others is its own affair.
fn call<T>(name: &str, hook: &Option<Hook<T>>, told: &T, pool: &PoolName) {
    let Some(hook) = hook else { return };
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| hook(told))) {
        let message = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a value that is not a text");
        tracing::error!(%pool, hook = name, message, "a hook panicked");
        // A payload whose own destructor panics would take the thread with it.
        std::mem::forget(panic);
    }
}
