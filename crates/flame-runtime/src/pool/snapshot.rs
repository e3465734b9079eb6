use flame_core::RunnerId;
use flame_core::pool::PoolCounts;

use super::records;
use super::shared::Shared;

/// A pool at one moment.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PoolSnapshot {
    /// Callers, runners and outcomes so far. At every moment
    /// `submitted = queued + running + all outcomes`.
    pub counts: PoolCounts,
    /// How many calls of hooks were dropped, because the hooks before them took too long.
    pub hooks_missed: u64,
    /// The runners, oldest first.
    pub runners: Vec<RunnerSnapshot>,
}

/// One runner at one moment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunnerSnapshot {
    /// Its number in the pool.
    pub id: RunnerId,
    /// Its name, with the provider's id where it is known.
    pub name: String,
    /// The provider's own id: a process id, a machine id.
    pub provider_id: Option<String>,
    /// Whether it has called back.
    pub attached: bool,
    /// How many calls it runs.
    pub running: usize,
}

impl PoolSnapshot {
    pub(super) fn of(pool: &Shared) -> Self {
        let inner = pool.lock();
        let mut runners: Vec<_> = inner.runners.iter().collect();
        runners.sort_by_key(|(id, _)| **id);
        let runners = runners.into_iter().map(|(id, record)| RunnerSnapshot {
            id: *id,
            name: records::label(&record.instance, record.provider_id.as_deref()),
            provider_id: record.provider_id.clone(),
            attached: record.session.is_some(),
            running: record.calls.len(),
        });
        Self {
            counts: inner.state.counts(),
            hooks_missed: inner.outlet.hooks_missed(),
            runners: runners.collect(),
        }
    }
}
