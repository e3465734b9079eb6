//! What a runner's subscriber was told, told again here.

use flame_core::quota::Passed;
use flame_core::{CallId, PoolName, RunnerId};
use flame_proto::frame::{Level, RunnerEvent};
use tracing::{Span, dispatcher};

use super::TARGET;
use super::escape::escape;
use crate::pool::Shared;

/// An event, and where it belongs.
struct Told<'a> {
    pool: &'a PoolName,
    runner: RunnerId,
    event: RunnerEvent,
    dropped_before: u64,
}

impl Shared {
    /// A runner has told of an event.
    ///
    /// It is told before the frames that follow it are heard, and so before its caller has an answer; and without the
    /// pool's lock, for whoever takes it is the user's.
    pub(in crate::pool) fn event(&self, runner: RunnerId, event: RunnerEvent) {
        let mut inner = self.lock();
        let Some(record) = inner.runners.get_mut(&runner) else {
            return;
        };
        self.output_dropped.more(event.dropped);
        let Some(Passed { dropped_before }) = record.events.ask(self.threads.now()) else {
            return self.output_dropped.more(1);
        };
        // What a call has started may tell of it when the call has ended.
        let caller = event.call.and_then(|call| record.calls.get(&call).copied());
        let span = caller
            .and_then(|caller| inner.calls.get(&caller))
            .map_or_else(Span::none, |call| call.around.span());
        drop(inner);
        let told = Told {
            pool: &self.name,
            runner,
            dropped_before: dropped_before.saturating_add(event.dropped),
            event,
        };
        // The caller may have a subscriber of its own.
        if span
            .with_subscriber(|(_, own)| dispatcher::with_default(own, || told.tell(&span)))
            .is_none()
        {
            told.tell(&span);
        }
    }
}

impl Told<'_> {
    fn tell(&self, span: &Span) {
        let (pool, runner) = (self.pool, self.runner);
        let call = self.event.call.map(|CallId(call)| call);
        let origin = escape(&self.event.target);
        let message = escape(&self.event.message);
        let fields = self.fields();
        let fields = (!fields.is_empty()).then(|| escape(&fields));
        let fields = fields.as_deref();
        let dropped_before = (self.dropped_before > 0).then_some(self.dropped_before);
        // The level and the target of an event are fixed where it is made.
        macro_rules! tell {
            ($level:expr) => {
                tracing::event!(
                    target: TARGET,
                    parent: span,
                    $level,
                    %pool,
                    %runner,
                    call,
                    %origin,
                    fields,
                    dropped_before,
                    "{message}"
                )
            };
        }
        match self.event.level {
            Level::Trace => tell!(tracing::Level::TRACE),
            Level::Debug => tell!(tracing::Level::DEBUG),
            Level::Info => tell!(tracing::Level::INFO),
            Level::Warn => tell!(tracing::Level::WARN),
            Level::Error => tell!(tracing::Level::ERROR),
        }
    }

    fn fields(&self) -> String {
        let fields = self.event.fields.iter();
        let fields: Vec<_> = fields
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        fields.join(" ")
    }
}
