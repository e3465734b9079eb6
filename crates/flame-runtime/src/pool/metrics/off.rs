//! The same names without the feature: whatever they are told, they forget.

use std::sync::Arc;

use flame_core::pool::PoolCounts;

use super::{Fate, Refusal};
use crate::pool::events::Event;
use crate::pool::records::CallRecord;
use crate::pool::shared::Shared;
use crate::threads::Threads;

/// Adds nothing up.
#[derive(Debug, Default)]
pub(in crate::pool) struct Meter;

impl Meter {
    /// No event has to be made for it.
    pub(in crate::pool) const HEARS_EVENTS: bool = false;

    pub(in crate::pool) fn changed(&mut self) {}

    pub(in crate::pool) fn sent(&mut self, _bytes: u64) {}

    pub(in crate::pool) fn received(&mut self, _bytes: u64) {}

    pub(in crate::pool) fn answered(
        &mut self,
        _call: &CallRecord,
        _fate: Fate,
        _threads: &Threads,
    ) {
    }

    pub(in crate::pool) fn hear(&mut self, _event: &Event) {}

    pub(in crate::pool) fn close(&mut self, _counts: PoolCounts, _hooks_missed: u64) {}
}

/// Counts nothing.
#[derive(Debug, Default)]
pub(crate) struct Refusals;

impl Refusals {
    pub(crate) fn count(&self, _refusal: Refusal, _threads: &Threads) {}
}

/// Starts nothing.
pub(in crate::pool) fn start(_pool: &Arc<Shared>) {}
