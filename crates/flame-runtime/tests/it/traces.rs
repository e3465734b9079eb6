//! One trace from a caller's span to what its task does on the runner.

use std::sync::Arc;

use flame_task::task;
use flame_testkit::ScriptedBackend;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use tracing::{Instrument as _, info_span};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::pool;

#[tokio::test(start_paused = true)]
async fn what_a_task_does_is_in_its_callers_trace_below_the_span_of_the_task() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let subscriber = tracing_subscriber::registry().with(layer);
    let _default = tracing::subscriber::set_default(subscriber);
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();

    let work = task!(|| async move { info_span!("resize").in_scope(|| {}) });
    let request = info_span!("request");
    pool.call(work).instrument(request).await.unwrap();
    pool.shutdown().await;

    let spans = exporter.get_finished_spans().unwrap();
    let find = |name| spans.iter().find(|span| span.name == name).unwrap();
    let (request, task, resize) = (find("request"), find("flame.task"), find("resize"));
    assert_eq!(task.parent_span_id, request.span_context.span_id());
    assert!(task.parent_span_is_remote, "it came with the call");
    assert_eq!(resize.parent_span_id, task.span_context.span_id());
    let trace = request.span_context.trace_id();
    assert_eq!(
        [task, resize].map(|span| span.span_context.trace_id()),
        [trace; 2]
    );
}
