use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use flame_core::backend::ExitKind;
use flame_core::pool::{CallerKind, PoolCounts};
use tokio::sync::Notify;

use super::Fate;
use crate::error::{BootCause, LossReason};
use crate::pool::events::Event;
use crate::pool::records::CallRecord;
use crate::pool::shared::Inner;
use crate::threads::Threads;

/// How many durations are kept until the recorder has heard of them.
const SAMPLES_KEPT: usize = 1 << 16;

/// Adds up what happens to a pool, under its lock, until it is reported.
#[derive(Debug, Default)]
pub(in crate::pool) struct Meter {
    tally: Tally,
    bell: Arc<Bell>,
    /// Whether the bell was rung since the last report.
    is_rung: bool,
}

/// What has happened since the last report, as far as the pool's own counts do not say so.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) call_times: BTreeMap<(CallerKind, Fate), Vec<Duration>>,
    pub(super) boot_times: Vec<Duration>,
    /// How many durations are in this.
    samples: usize,
    pub(super) samples_dropped: u64,
    pub(super) argument_bytes: u64,
    pub(super) result_bytes: u64,
    pub(super) boots: u64,
    pub(super) boots_given_up: u64,
    pub(super) boots_failed: BTreeMap<&'static str, u64>,
    pub(super) finished: u64,
    pub(super) lost: BTreeMap<&'static str, u64>,
}

/// A pool as the recorder will hear of it: how it is, and what has come since the last report.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) counts: PoolCounts,
    pub(super) hooks_missed: u64,
    pub(super) oldest_running: Option<Duration>,
    pub(super) tally: Tally,
}

/// Wakes the reporter.
#[derive(Debug, Default)]
pub(super) struct Bell {
    pub(super) news: Notify,
    pub(super) ended: Notify,
    last: Mutex<Option<Report>>,
}

impl Meter {
    /// Events have to be made, for it hears them all.
    pub(in crate::pool) const HEARS_EVENTS: bool = true;

    /// Something happened to the pool.
    pub(in crate::pool) fn changed(&mut self) {
        if !std::mem::replace(&mut self.is_rung, true) {
            self.bell.news.notify_one();
        }
    }

    /// Arguments were given to a runner.
    pub(in crate::pool) fn sent(&mut self, bytes: u64) {
        self.tally.argument_bytes += bytes;
    }

    /// A result has come from a runner.
    pub(in crate::pool) fn received(&mut self, bytes: u64) {
        self.tally.result_bytes += bytes;
    }

    /// The caller, if it still waits, has its answer next, or it leaves.
    pub(in crate::pool) fn answered(&mut self, call: &CallRecord, fate: Fate, threads: &Threads) {
        if call.reply.is_some() && self.tally.has_room() {
            let took = threads.now().saturating_duration_since(call.submitted_at);
            let times = self.tally.call_times.entry((call.kind, fate));
            times.or_default().push(took);
        }
    }

    /// Something happened to a runner.
    pub(in crate::pool) fn hear(&mut self, event: &Event) {
        let tally = &mut self.tally;
        match event {
            Event::Booting { .. } => tally.boots += 1,
            Event::Ready { after, .. } => {
                if tally.has_room() {
                    tally.boot_times.push(*after);
                }
            }
            Event::BootFailed { failure, .. } => {
                *tally
                    .boots_failed
                    .entry(cause(failure.cause()))
                    .or_default() += 1;
            }
            Event::BootGivenUp { .. } => tally.boots_given_up += 1,
            Event::Finished { .. } => tally.finished += 1,
            Event::Lost { reason, .. } => *tally.lost.entry(loss(reason)).or_default() += 1,
            // The pool's counts say so, or nobody but a subscriber cares.
            Event::Draining { .. }
            | Event::Gone { .. }
            | Event::Degraded { .. }
            | Event::Recovered
            | Event::Missed { .. } => {}
        }
        self.changed();
    }

    /// The pool has ended: its report waits for nothing more, and the pool need not be there any more.
    pub(in crate::pool) fn close(&mut self, counts: PoolCounts, hooks_missed: u64) {
        let last = Report {
            counts,
            hooks_missed,
            oldest_running: None,
            tally: self.take(),
        };
        *self.bell.lock() = Some(last);
        self.bell.news.notify_one();
        self.bell.ended.notify_one();
    }

    /// What the reporter waits for.
    pub(super) fn bell(&self) -> Arc<Bell> {
        self.bell.clone()
    }

    /// What has come since the last report; the next news ring again.
    fn take(&mut self) -> Tally {
        self.is_rung = false;
        std::mem::take(&mut self.tally)
    }
}

impl Report {
    /// What there is to say of the pool now.
    pub(super) fn of(pool: &mut Inner, threads: &Threads) -> Self {
        if let Some(last) = pool.outlet.meter.bell.last() {
            return last;
        }
        Self {
            counts: pool.state.counts(),
            hooks_missed: pool.outlet.hooks_missed(),
            oldest_running: pool.oldest_running(threads.now()),
            tally: pool.outlet.meter.take(),
        }
    }
}

/// Nothing more will come, so the reporter has nothing to wait for.
impl Drop for Meter {
    fn drop(&mut self) {
        self.bell.news.notify_one();
        self.bell.ended.notify_one();
    }
}

impl Bell {
    /// The report that an ended pool has left.
    pub(super) fn last(&self) -> Option<Report> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Report>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tally {
    /// Whether one more duration may be kept. If not, it counts as dropped.
    fn has_room(&mut self) -> bool {
        let has_room = self.samples < SAMPLES_KEPT;
        self.samples += usize::from(has_room);
        self.samples_dropped += u64::from(!has_room);
        has_room
    }
}

/// The value of the label `reason` of a boot that failed.
fn cause(cause: &BootCause) -> &'static str {
    match cause {
        BootCause::Backend(_) => "backend",
        BootCause::Exited(_) => "exited",
        BootCause::TimedOut { .. } => "timed_out",
        BootCause::BuildMismatch { .. } => "build",
        BootCause::VersionMismatch => "version",
    }
}

/// The value of the label `reason` of a runner that was lost.
fn loss(reason: &LossReason) -> &'static str {
    match reason {
        LossReason::Exited(report) if report.how == ExitKind::OutOfMemory => "out_of_memory",
        LossReason::Exited(_) => "exited",
        LossReason::SessionClosed => "session_closed",
        LossReason::Silent { .. } => "silent",
        LossReason::Protocol(_) => "protocol",
        LossReason::Poisoned => "poisoned",
    }
}
