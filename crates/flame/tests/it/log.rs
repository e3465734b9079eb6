//! The log of this process, as far as runners are in it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

static LOG: Mutex<Vec<Told>> = Mutex::new(Vec::new());

/// What was told of a runner.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) level: Level,
    /// The spans that it was told in, the outermost first.
    pub(crate) spans: Vec<&'static str>,
    fields: BTreeMap<&'static str, String>,
}

impl Told {
    /// The value of the field, or nothing.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    pub(crate) fn message(&self) -> &str {
        self.field("message")
    }
}

/// Writes the log from now on. Once is enough.
pub(crate) fn write() {
    static WRITES: Once = Once::new();
    WRITES.call_once(|| {
        tracing::subscriber::set_global_default(Registry::default().with(Log)).unwrap();
    });
}

/// What a runner does: it has no log of its own.
pub(crate) fn tell_the_parent() {
    let subscriber = Registry::default().with(flame::tracing_layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
}

/// What was told of this pool's runners so far.
pub(crate) fn of(pool: &str) -> Vec<Told> {
    let log = lock();
    let told = log.iter().filter(|told| told.field("pool") == pool);
    told.cloned().collect()
}

/// Why copies were refused so far that called back for the boot of this runner.
pub(crate) fn refusals_of(runner: &str) -> Vec<String> {
    let log = lock();
    let refused = log
        .iter()
        .filter(|told| told.message() == "a runner was refused");
    // A runner's name goes on with what its backend calls it.
    let of_the_boot = refused.filter(|told| {
        let boot = told.field("boot").trim_matches('"');
        !boot.is_empty() && runner.starts_with(boot)
    });
    of_the_boot
        .map(|told| told.field("reason").to_owned())
        .collect()
}

/// How many strangers were turned away so far for this reason, at any of this process's doors.
pub(crate) fn strangers(reason: &str) -> usize {
    let log = lock();
    let turned_away = log.iter().filter(|told| {
        told.message() == "a stranger was turned away" && told.field("reason") == reason
    });
    turned_away.count()
}

fn lock() -> MutexGuard<'static, Vec<Told>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Log;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Log {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        let target = metadata.target();
        let is_told = ["flame::runner", "flame_runtime::parent::turned_away"].contains(&target);
        is_told || target.starts_with("it::logs")
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let scope = cx.event_scope(event).into_iter();
        let spans = scope.flat_map(|scope| scope.from_root().map(|span| span.name()));
        lock().push(Told {
            level: *event.metadata().level(),
            spans: spans.collect(),
            fields: fields.0,
        });
    }
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
