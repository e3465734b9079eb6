//! What a runner's own subscriber is told, on its way to the parent.

mod fields;
mod stamp;
mod way;

use std::thread;

use flame_core::CallId;
use flame_proto::frame::RunnerEvent;
use flame_task::Ctx;
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::threads;
use fields::Fields;

pub use way::EVENTS_QUEUED;
pub(super) use way::open;

/// A layer for a runner's own subscriber, which tells the parent each event in place of a log of the runner's own.
///
/// The parent tells it again to its own subscriber: with its level, the target `flame::runner`, and within the span
/// in which the call was made that it happened in. In the app itself the layer does nothing, so `main` may add it
/// to the one subscriber that the app and its runners share:
///
/// ```no_run
/// # mod flame { pub use flame_runtime::{runner, tracing_layer}; }
/// # async fn main_of_the_app() -> Result<(), Box<dyn std::error::Error>> {
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let runner = flame::runner();
/// let subscriber = tracing_subscriber::registry().with(flame::tracing_layer());
/// # let log_of_the_app = || tracing_subscriber::layer::Identity::new();
/// let subscriber = subscriber.with(runner.is_none().then(log_of_the_app));
/// tracing::subscriber::set_global_default(subscriber)?;
/// # Ok(())
/// # }
/// ```
///
/// A runner that has this layer should have none that writes to its streams: their lines arrive at the parent, too, and
/// every event would be told twice.
///
/// Telling never waits. At most [`EVENTS_QUEUED`] events are on their way; those that come then are dropped, and counted.
pub fn tracing_layer() -> TracingLayer {
    TracingLayer {
        tells: super::is_runner(),
    }
}

/// See [`tracing_layer`].
#[derive(Debug)]
pub struct TracingLayer {
    tells: bool,
}

/// Marks the span of a call.
struct InCall(CallId);

impl<S> Layer<S> for TracingLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        if !self.tells || !super::task_span::is_one(attributes.metadata()) {
            return;
        }
        if let Some(call) = Fields::of(|fields| attributes.record(fields)).call()
            && let Some(span) = cx.span(id)
        {
            span.extensions_mut().insert(InCall(call));
        }
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let metadata = event.metadata();
        if !self.tells || is_of_the_link(metadata) {
            return;
        }
        let scope = cx.event_scope(event);
        let marked = scope.and_then(|mut scope| {
            scope.find_map(|span| span.extensions().get::<InCall>().map(|call| call.0))
        });
        // A filter may have taken the span of the call away.
        let call = marked.or_else(|| Ctx::current().and_then(|cx| cx.call()).map(CallId));
        let (message, fields) = Fields::of(|fields| event.record(fields)).into_parts();
        way::tell(RunnerEvent {
            call,
            happened_at: stamp::now(),
            level: level(*metadata.level()),
            target: metadata.target().to_owned(),
            message,
            fields,
            dropped: 0,
        });
    }
}

/// Whether the event tells of the sending of events: told in its turn, it would never end.
///
/// All of that happens on the control thread, where no line of the user's code runs. Of what the library itself says
/// there, only its steps, at `TRACE`, go with the sending of frames.
fn is_of_the_link(metadata: &Metadata<'_>) -> bool {
    let is_a_step = *metadata.level() == Level::TRACE || !metadata.target().starts_with("flame_");
    is_a_step && thread::current().name() == Some(threads::CONTROL_THREAD)
}

fn level(level: Level) -> flame_proto::frame::Level {
    use flame_proto::frame::Level as Wire;
    match level {
        Level::TRACE => Wire::Trace,
        Level::DEBUG => Wire::Debug,
        Level::INFO => Wire::Info,
        Level::WARN => Wire::Warn,
        Level::ERROR => Wire::Error,
    }
}
