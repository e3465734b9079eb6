use std::time::{Duration, Instant};

use flame_core::RunnerId;
use flame_core::pool::{CallerKind, PoolCounts};

use super::records;
use super::shared::{Inner, Shared};

/// A pool at one moment.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PoolSnapshot {
    /// Callers, runners and outcomes so far. At every moment
    /// `submitted = queued + running + all outcomes`.
    pub counts: PoolCounts,
    /// How many calls of hooks were dropped, because the hooks before them took too long.
    pub hooks_missed: u64,
    /// How long the call or cast has been running that has run for the longest time, whether or not somebody still
    /// waits for it. Of what is placed, nothing is said: it is there to stay.
    pub oldest_running: Option<Duration>,
    /// How many lines and events of runners did not reach the log, because there were more of one runner than
    /// [`OUTPUT_PER_SECOND`](super::OUTPUT_PER_SECOND).
    pub output_dropped: u64,
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
            oldest_running: inner.oldest_running(pool.threads.now()),
            output_dropped: pool.output_dropped.count(),
            runners: runners.collect(),
        }
    }
}

impl Inner {
    /// See [`PoolSnapshot::oldest_running`].
    pub(super) fn oldest_running(&self, now: Instant) -> Option<Duration> {
        let oldest = self.runners.values().filter_map(|runner| {
            runner.calls.values().find_map(|caller| {
                let call = self.calls.get(caller)?;
                match call.kind {
                    CallerKind::Call | CallerKind::Cast => {
                        call.running.map(|running| running.since)
                    }
                    CallerKind::Child => None,
                }
            })
        });
        Some(now.saturating_duration_since(oldest.min()?))
    }
}
