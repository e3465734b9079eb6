//! What a builder may have called when its pool grows and shrinks.
//!
//! Hooks are a listener of the pool's events with a queue of its own. A thread calls them, one after the other. It
//! cannot be the backend thread, where a hook that blocks would delay boots, nor the blocking threads of a runtime:
//! a runtime that is dropped waits for those, so a stuck hook would keep a test from ending, and a paused clock
//! stands still while one of them is at work. A thread of the pool's own delays nobody but later hooks.

mod growth;
mod occasion;
mod queue;

use std::fmt;
use std::sync::Arc;

pub use growth::{Growth, GrowthEnd, GrowthOutcome, Shrink};
pub use queue::HOOKS_QUEUED;
pub(super) use queue::HookQueue;

/// The hooks that were set.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) grow_start: Option<Hook<Growth>>,
    pub(super) grow_end: Option<Hook<GrowthEnd>>,
    pub(super) shrink: Option<Hook<Shrink>>,
}

pub(super) type Hook<T> = Arc<dyn Fn(&T) + Send + Sync>;

impl Hooks {
    pub(super) fn is_empty(&self) -> bool {
        self.grow_start.is_none() && self.grow_end.is_none() && self.shrink.is_none()
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("grow_start", &self.grow_start.is_some())
            .field("grow_end", &self.grow_end.is_some())
            .field("shrink", &self.shrink.is_some())
            .finish()
    }
}
