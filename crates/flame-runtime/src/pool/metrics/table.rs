//! All metrics, with the names, units and labels that the guide's table repeats.

use metrics::{Counter, Gauge, Histogram, Label, SharedString, Unit};

/// What is known of a metric before it has a value.
#[derive(Debug)]
pub(super) struct Metric {
    name: &'static str,
    shape: Shape,
    unit: Unit,
    labels: &'static [&'static str],
    what: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Gauge,
    Counter,
    Histogram,
}

pub(super) const CALLS_QUEUED: Metric = Metric {
    name: "flame_calls_queued",
    shape: Shape::Gauge,
    unit: Unit::Count,
    labels: &["pool", "kind"],
    what: "callers that wait for a slot",
};
pub(super) const CALLS_PINNED: Metric = Metric {
    name: "flame_calls_pinned",
    shape: Shape::Gauge,
    unit: Unit::Count,
    labels: &["pool"],
    what: "those of them that wait for a slot on the one runner that has the values they need",
};
pub(super) const CALLS_RUNNING: Metric = Metric {
    name: "flame_calls_running",
    shape: Shape::Gauge,
    unit: Unit::Count,
    labels: &["pool", "kind"],
    what: "callers that have a slot and wait for their answer",
};
pub(super) const OLDEST_RUNNING: Metric = Metric {
    name: "flame_oldest_running_seconds",
    shape: Shape::Gauge,
    unit: Unit::Seconds,
    labels: &["pool"],
    what: "how long the call or cast has run that has run for the longest time, 0 if none runs",
};
pub(super) const SLOTS_UNCONFIRMED: Metric = Metric {
    name: "flame_slots_unconfirmed",
    shape: Shape::Gauge,
    unit: Unit::Count,
    labels: &["pool"],
    what: "slots whose caller has its answer or has left, while their work has not ended",
};
pub(super) const SLOTS_KEPT: Metric = Metric {
    name: "flame_slots_kept",
    shape: Shape::Gauge,
    unit: Unit::Count,
    labels: &["pool"],
    what: "slots that are kept by values which ended calls have left",
};
pub(super) const CALLS_SUBMITTED: Metric = Metric {
    name: "flame_calls_submitted_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool", "kind"],
    what: "callers that asked for a slot",
};
pub(super) const CALLS_ENDED: Metric = Metric {
    name: "flame_calls_ended_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool", "kind", "outcome"],
    what: "callers that have had their answer, or left",
};
pub(super) const CALLS_RETRIED: Metric = Metric {
    name: "flame_calls_retried_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool", "kind"],
    what: "grants whose runner was lost, and whose caller waited again",
};
pub(super) const CALLS_GIVEN_BACK: Metric = Metric {
    name: "flame_calls_given_back_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool", "kind"],
    what: "grants that came back not started, and whose caller waited again",
};
pub(super) const CALL_TIME: Metric = Metric {
    name: "flame_call_seconds",
    shape: Shape::Histogram,
    unit: Unit::Seconds,
    labels: &["pool", "kind", "outcome"],
    what: "how long callers waited for their answer, for a slot and for their work together",
};
pub(super) const ARGUMENT_BYTES: Metric = Metric {
    name: "flame_argument_bytes_total",
    shape: Shape::Counter,
    unit: Unit::Bytes,
    labels: &["pool"],
    what: "encoded arguments that were given to runners",
};
pub(super) const RESULT_BYTES: Metric = Metric {
    name: "flame_result_bytes_total",
    shape: Shape::Counter,
    unit: Unit::Bytes,
    labels: &["pool"],
    what: "encoded results that came from runners",
};
pub(super) const RUNNERS: Metric = Metric {
    name: "flame_runners",
    shape: Shape::Gauge,
    unit: Unit::Count,
    labels: &["pool", "phase"],
    what: "runners, by what they do; all but those that are being reaped count for `max`",
};
pub(super) const BOOTS: Metric = Metric {
    name: "flame_boots_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool"],
    what: "instances that the backend was asked for",
};
pub(super) const BOOTS_FAILED: Metric = Metric {
    name: "flame_boots_failed_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool", "reason"],
    what: "boots that gave no runner",
};
pub(super) const BOOTS_GIVEN_UP: Metric = Metric {
    name: "flame_boots_given_up_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool"],
    what: "boots that nobody needed any more",
};
pub(super) const BOOT_TIME: Metric = Metric {
    name: "flame_boot_seconds",
    shape: Shape::Histogram,
    unit: Unit::Seconds,
    labels: &["pool"],
    what: "how long it took until a runner was ready",
};
pub(super) const RUNNERS_FINISHED: Metric = Metric {
    name: "flame_runners_finished_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool"],
    what: "runners that have said goodbye",
};
pub(super) const RUNNERS_LOST: Metric = Metric {
    name: "flame_runners_lost_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool", "reason"],
    what: "runners that went without a goodbye, or were ended with work on them",
};
pub(super) const LINK_SUSPECTED: Metric = Metric {
    name: "flame_link_suspected_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool"],
    what: "times that all runners fell silent at about the same time",
};
pub(super) const DEGRADED: Metric = Metric {
    name: "flame_pool_degraded",
    shape: Shape::Gauge,
    unit: Unit::Count,
    labels: &["pool"],
    what: "1 while five or more boots in a row have failed, or else 0",
};
pub(super) const HOOKS_MISSED: Metric = Metric {
    name: "flame_hooks_missed_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool"],
    what: "calls of hooks that were dropped",
};
pub(super) const OUTPUT_DROPPED: Metric = Metric {
    name: "flame_output_dropped_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool"],
    what: "lines and events of runners that did not reach the log",
};
pub(super) const SAMPLES_DROPPED: Metric = Metric {
    name: "flame_samples_dropped_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["pool"],
    what: "durations that are missing in the histograms, because the recorder did not keep up",
};
pub(super) const HANDSHAKES_REFUSED: Metric = Metric {
    name: "flame_handshakes_refused_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    labels: &["reason"],
    what: "connections to this process that were turned away",
};

/// In the order of the guide's table.
pub(super) const ALL: &[&Metric] = &[
    &CALLS_QUEUED,
    &CALLS_PINNED,
    &CALLS_RUNNING,
    &OLDEST_RUNNING,
    &SLOTS_UNCONFIRMED,
    &SLOTS_KEPT,
    &CALLS_SUBMITTED,
    &CALLS_ENDED,
    &CALLS_RETRIED,
    &CALLS_GIVEN_BACK,
    &CALL_TIME,
    &ARGUMENT_BYTES,
    &RESULT_BYTES,
    &RUNNERS,
    &BOOTS,
    &BOOTS_FAILED,
    &BOOTS_GIVEN_UP,
    &BOOT_TIME,
    &RUNNERS_FINISHED,
    &RUNNERS_LOST,
    &LINK_SUSPECTED,
    &DEGRADED,
    &HOOKS_MISSED,
    &OUTPUT_DROPPED,
    &SAMPLES_DROPPED,
    &HANDSHAKES_REFUSED,
];

impl Metric {
    /// Tells the recorder what it will hear of. Saying so again changes nothing.
    pub(super) fn describe(&self) {
        match self.shape {
            Shape::Gauge => metrics::describe_gauge!(self.name, self.unit, self.what),
            Shape::Counter => metrics::describe_counter!(self.name, self.unit, self.what),
            Shape::Histogram => metrics::describe_histogram!(self.name, self.unit, self.what),
        }
    }

    /// This gauge with these values of its labels.
    pub(super) fn gauge<const N: usize>(&self, values: [SharedString; N]) -> Gauge {
        metrics::gauge!(self.name, self.labels(values))
    }

    /// This counter with these values of its labels.
    pub(super) fn counter<const N: usize>(&self, values: [SharedString; N]) -> Counter {
        metrics::counter!(self.name, self.labels(values))
    }

    /// This histogram with these values of its labels.
    pub(super) fn histogram<const N: usize>(&self, values: [SharedString; N]) -> Histogram {
        metrics::histogram!(self.name, self.labels(values))
    }

    fn labels<const N: usize>(&self, values: [SharedString; N]) -> Vec<Label> {
        let labels = self.labels.iter().zip(values);
        labels
            .map(|(name, value)| Label::new(*name, value))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../../flame/src/guide/metrics.md");

    #[test]
    fn the_guide_lists_these_metrics_and_no_others() {
        let rows: Vec<&str> = GUIDE
            .lines()
            .filter(|line| line.starts_with("| `flame_"))
            .collect();
        let told: Vec<String> = ALL.iter().map(|metric| row(metric)).collect();
        assert_eq!(rows, told, "the table should be:\n{}", told.join("\n"));
    }

    #[test]
    fn names_end_in_what_they_count_in() {
        for metric in ALL {
            let name = metric.name;
            let stem = name.strip_suffix("_total");
            assert_eq!(
                stem.is_some(),
                matches!(metric.shape, Shape::Counter),
                "{name}"
            );
            let stem = stem.unwrap_or(name);
            assert_eq!(
                stem.ends_with("_seconds"),
                metric.unit == Unit::Seconds,
                "{name}"
            );
            assert_eq!(
                stem.ends_with("_bytes"),
                metric.unit == Unit::Bytes,
                "{name}"
            );
        }
    }

    fn row(metric: &Metric) -> String {
        let shape = match metric.shape {
            Shape::Gauge => "gauge",
            Shape::Counter => "counter",
            Shape::Histogram => "histogram",
        };
        let labels: Vec<String> = metric
            .labels
            .iter()
            .map(|label| format!("`{label}`"))
            .collect();
        let (name, unit, labels) = (metric.name, metric.unit.as_str(), labels.join(", "));
        format!(
            "| `{name}` | {shape} | {unit} | {labels} | {} |",
            metric.what
        )
    }
}
