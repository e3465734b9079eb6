use std::time::Instant;

use flame_core::RunnerId;
use flame_core::pool::{PoolAction, PoolCounts, PoolEvent};

/// What one event or timeout has led to.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) now: Instant,
    pub(crate) event: Option<PoolEvent>,
    pub(crate) actions: Vec<PoolAction>,
    /// Whether nothing was due and nothing has happened.
    pub(crate) for_nothing: bool,
    pub(crate) counts_before: PoolCounts,
}

impl Step {
    /// Whether time alone has passed: then several things may have been due, one after the other.
    pub(crate) fn leaps(&self) -> bool {
        self.event.is_none() && self.counts_before.stage.serves()
    }

    /// Whether the pool gave an instance up for the first time in this step.
    pub(crate) fn gave_up(&self, runner: RunnerId) -> bool {
        self.actions
            .contains(&PoolAction::DestroyInstance { runner })
    }
}
