use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, LocalRecorderGuard, Metadata, Recorder, SharedString,
    Unit,
};
use metrics_util::registry::{AtomicStorage, Registry};

/// All that the recorder of this thread has heard. Metrics are named with their labels, except for `pool`.
pub(super) struct Heard {
    listener: &'static Listener,
    _installed: LocalRecorderGuard<'static>,
}

struct Listener {
    registry: Registry<Key, AtomicStorage>,
    /// The names that it was told of before.
    described: Mutex<BTreeSet<String>>,
}

impl Heard {
    pub(super) fn install() -> Self {
        let listener: &'static Listener = Box::leak(Box::new(Listener {
            registry: Registry::atomic(),
            described: Mutex::default(),
        }));
        Self {
            listener,
            _installed: metrics::set_default_local_recorder(listener),
        }
    }

    pub(super) fn counter(&self, metric: &str) -> u64 {
        *self.counters().get(metric).expect(metric)
    }

    pub(super) fn gauge(&self, metric: &str) -> f64 {
        self.gauge_if_heard(metric).expect(metric)
    }

    pub(super) fn gauge_if_heard(&self, metric: &str) -> Option<f64> {
        self.gauges().get(metric).copied()
    }

    /// The durations, sorted.
    pub(super) fn times(&self, metric: &str) -> Vec<f64> {
        self.all_times().remove(metric).unwrap_or_default()
    }

    /// How many callers of all kinds had each outcome.
    pub(super) fn counted_by_outcome(&self, metric: &str) -> BTreeMap<String, u64> {
        by_outcome(metric, self.counters())
    }

    /// How many durations there are of each outcome.
    pub(super) fn timed_by_outcome(&self, metric: &str) -> BTreeMap<String, u64> {
        let times = self.all_times().into_iter();
        by_outcome(
            metric,
            times.map(|(name, times)| (name, times.len() as u64)),
        )
    }

    /// Every gauge has come back to nothing.
    pub(super) fn nothing_is_left(&self) {
        let mut left = self.gauges();
        assert!(!left.is_empty());
        left.retain(|_, value| *value != 0.0);
        assert!(left.is_empty(), "{left:?}");
    }

    /// Whether any name or label contains this.
    pub(super) fn shows(&self, text: &str) -> bool {
        let counters = self.counters().into_keys();
        let gauges = self.gauges().into_keys();
        let times = self.all_times().into_keys();
        let mut names = counters.chain(gauges).chain(times);
        names.any(|name| name.contains(text))
    }

    fn counters(&self) -> BTreeMap<String, u64> {
        let counters = self.listener.registry.get_counter_handles().into_iter();
        counters
            .map(|(key, count)| (self.listener.label(&key), count.load(Ordering::Relaxed)))
            .collect()
    }

    fn gauges(&self) -> BTreeMap<String, f64> {
        let gauges = self.listener.registry.get_gauge_handles().into_iter();
        gauges
            .map(|(key, bits)| {
                let value = f64::from_bits(bits.load(Ordering::Relaxed));
                (self.listener.label(&key), value)
            })
            .collect()
    }

    fn all_times(&self) -> BTreeMap<String, Vec<f64>> {
        let histograms = self.listener.registry.get_histogram_handles().into_iter();
        histograms
            .map(|(key, bucket)| {
                let mut times = bucket.data();
                times.sort_by(f64::total_cmp);
                (self.listener.label(&key), times)
            })
            .collect()
    }
}

/// The sums over everything else.
fn by_outcome(
    metric: &str,
    counts: impl IntoIterator<Item = (String, u64)>,
) -> BTreeMap<String, u64> {
    let mut outcomes = BTreeMap::new();
    for (name, count) in counts {
        if let Some(labels) = name.strip_prefix(metric)
            && let Some((_, outcome)) = labels.split_once("outcome=")
            && count > 0
        {
            *outcomes.entry(outcome.to_owned()).or_default() += count;
        }
    }
    outcomes
}

impl Listener {
    /// How tests name it. Nothing is told that was not described.
    fn label(&self, key: &Key) -> String {
        let name = key.name();
        assert!(self.described.lock().unwrap().contains(name), "{name}");
        let labels = key.labels().filter(|label| label.key() != "pool");
        let labels = labels.map(|label| format!(" {}={}", label.key(), label.value()));
        name.to_owned() + &labels.collect::<String>()
    }

    fn described(&self, name: &KeyName, unit: Option<Unit>) {
        assert!(unit.is_some());
        let mut described = self.described.lock().unwrap();
        described.insert(name.as_str().to_owned());
    }
}

impl Recorder for Listener {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, _: SharedString) {
        self.described(&name, unit);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, _: SharedString) {
        self.described(&name, unit);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, _: SharedString) {
        self.described(&name, unit);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.registry
            .get_or_create_counter(key, |counter| counter.clone().into())
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.registry
            .get_or_create_gauge(key, |gauge| gauge.clone().into())
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.registry
            .get_or_create_histogram(key, |histogram| histogram.clone().into())
    }
}
