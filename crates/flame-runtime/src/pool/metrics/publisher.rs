use std::sync::Arc;

use flame_core::PoolName;
use flame_core::pool::{CallerKind, PoolCounts};
use metrics::SharedString;

use super::meter::{Report, Tally};
use super::{Fate, table};
use crate::pool::output::Dropped;

/// Tells the recorder what has changed in a pool.
#[derive(Debug)]
pub(super) struct Publisher {
    pool: SharedString,
    /// What it knows by now.
    counts: PoolCounts,
    hooks_missed: u64,
    output: Dropped,
    output_dropped: u64,
}

impl Publisher {
    pub(super) fn new(pool: &PoolName, output: Dropped) -> Self {
        Self {
            pool: Arc::<str>::from(pool.as_str()).into(),
            counts: PoolCounts::default(),
            hooks_missed: 0,
            output,
            output_dropped: 0,
        }
    }

    /// Tells what will be told.
    pub(super) fn describe() {
        table::ALL.iter().for_each(|metric| metric.describe());
    }

    pub(super) fn publish(&mut self, report: &Report) {
        for kind in CallerKind::ALL {
            self.callers(kind, &report.counts);
        }
        self.slots(&report.counts);
        self.runners(&report.counts);
        let oldest = report.oldest_running.unwrap_or_default();
        table::OLDEST_RUNNING
            .gauge([self.pool()])
            .set(oldest.as_secs_f64());
        table::HOOKS_MISSED
            .counter([self.pool()])
            .increment(report.hooks_missed - self.hooks_missed);
        let dropped = self.output.count();
        table::OUTPUT_DROPPED
            .counter([self.pool()])
            .increment(dropped - self.output_dropped);
        self.output_dropped = dropped;
        self.tally(&report.tally);
        self.counts = report.counts;
        self.hooks_missed = report.hooks_missed;
    }

    fn pool(&self) -> SharedString {
        self.pool.clone()
    }

    fn callers(&self, kind: CallerKind, counts: &PoolCounts) {
        let (before, now) = (self.counts.of(kind), counts.of(kind));
        let labels = || [self.pool(), label(kind).into()];
        table::CALLS_QUEUED.gauge(labels()).set(number(now.queued));
        table::CALLS_RUNNING
            .gauge(labels())
            .set(number(now.running));
        table::CALLS_SUBMITTED
            .counter(labels())
            .increment(now.totals.submitted - before.totals.submitted);
        table::CALLS_RETRIED
            .counter(labels())
            .increment(now.totals.retried - before.totals.retried);
        table::CALLS_GIVEN_BACK
            .counter(labels())
            .increment(now.totals.given_back - before.totals.given_back);
        let before = Fate::counted(&before.totals);
        for ((fate, count), (_, before)) in Fate::counted(&now.totals).into_iter().zip(before) {
            table::CALLS_ENDED
                .counter([self.pool(), label(kind).into(), fate.label().into()])
                .increment(count - before);
        }
    }

    fn slots(&self, counts: &PoolCounts) {
        for (metric, count) in [
            (table::CALLS_PINNED, counts.pinned),
            (table::SLOTS_UNCONFIRMED, counts.unconfirmed),
            (table::SLOTS_KEPT, counts.residents),
            (table::DEGRADED, usize::from(counts.is_degraded())),
        ] {
            metric.gauge([self.pool()]).set(number(count));
        }
    }

    fn runners(&self, counts: &PoolCounts) {
        let suspicions = counts.link_suspicions - self.counts.link_suspicions;
        table::LINK_SUSPECTED
            .counter([self.pool()])
            .increment(suspicions);
        for (phase, count) in [
            ("booting", counts.booting),
            ("ready", counts.ready),
            ("draining", counts.draining),
            ("poisoned", counts.poisoned),
            ("reaping", counts.reaping),
        ] {
            table::RUNNERS
                .gauge([self.pool(), phase.into()])
                .set(number(count));
        }
    }

    fn tally(&self, tally: &Tally) {
        for (metric, count) in [
            (table::ARGUMENT_BYTES, tally.argument_bytes),
            (table::RESULT_BYTES, tally.result_bytes),
            (table::BOOTS, tally.boots),
            (table::BOOTS_GIVEN_UP, tally.boots_given_up),
            (table::RUNNERS_FINISHED, tally.finished),
            (table::SAMPLES_DROPPED, tally.samples_dropped),
        ] {
            metric.counter([self.pool()]).increment(count);
        }
        for (metric, counts) in [
            (table::BOOTS_FAILED, &tally.boots_failed),
            (table::RUNNERS_LOST, &tally.lost),
        ] {
            for (reason, count) in counts {
                let counter = metric.counter([self.pool(), (*reason).into()]);
                counter.increment(*count);
            }
        }
        let boots = table::BOOT_TIME.histogram([self.pool()]);
        tally.boot_times.iter().for_each(|time| boots.record(*time));
        for ((kind, fate), times) in &tally.call_times {
            let labels = [self.pool(), label(*kind).into(), fate.label().into()];
            let calls = table::CALL_TIME.histogram(labels);
            times.iter().for_each(|time| calls.record(*time));
        }
    }
}

/// The value of the label `kind`.
fn label(kind: CallerKind) -> &'static str {
    match kind {
        CallerKind::Call => "call",
        CallerKind::Cast => "cast",
        CallerKind::Child => "child",
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no pool has so many of anything that it matters"
)]
fn number(count: usize) -> f64 {
    count as f64
}
