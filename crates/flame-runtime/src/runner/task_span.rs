//! The span around the body of a task on a runner.

use flame_proto::frame::Call;
use tracing::Span;

/// Its target, for those who filter.
const TARGET: &str = "flame::task";
/// Its name.
const NAME: &str = "flame.task";

/// A span for this call.
pub(super) fn of(call: &Call, task: &'static str, runner: &str) -> Span {
    tracing::info_span!(
        target: TARGET,
        NAME,
        task,
        call = call.id.0,
        runner,
        attempt = call.attempt
    )
}

/// Whether it is the span of a call.
#[cfg(feature = "layer")]
pub(super) fn is_one(metadata: &tracing::Metadata<'_>) -> bool {
    metadata.target() == TARGET && metadata.name() == NAME
}
