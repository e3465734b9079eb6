//! What is around a call, on its way to the runner: the caller's span, and with feature `otel` its place in a trace.

use tracing::Span;

/// A trace context, as W3C headers.
pub(crate) type Headers = Vec<(String, String)>;

/// The span that a call is made in, if it is made in one: many calls may wait at a time, so none takes no room.
#[derive(Debug)]
pub(crate) struct Around(Option<Box<Caller>>);

#[derive(Debug)]
struct Caller {
    span: Span,
    headers: Headers,
}

impl Around {
    /// What is around the code that calls this.
    pub(crate) fn here() -> Self {
        let span = Span::current();
        if span.is_none() {
            return Self(None);
        }
        let headers = otel::headers(&span);
        Self(Some(Box::new(Caller { span, headers })))
    }

    /// What the runner tells of the call is told there.
    pub(crate) fn span(&self) -> Span {
        let caller = self.0.as_deref();
        caller.map_or_else(Span::none, |caller| caller.span.clone())
    }

    /// What makes it the parent of the runner's spans.
    pub(crate) fn headers(&self) -> Headers {
        let caller = self.0.as_deref();
        caller.map_or_else(Headers::new, |caller| caller.headers.clone())
    }
}

pub(crate) use otel::adopt;

#[cfg(feature = "otel")]
mod otel {
    use std::collections::HashMap;

    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use tracing::Span;
    use tracing_opentelemetry::OpenTelemetrySpanExt;

    use super::Headers;

    pub(super) fn headers(span: &Span) -> Headers {
        let mut headers = HashMap::new();
        TraceContextPropagator::new().inject_context(&span.context(), &mut headers);
        // A state that is empty needs not travel.
        let headers = headers.into_iter().filter(|(_, value)| !value.is_empty());
        headers.collect()
    }

    /// Makes the span with these headers the parent of this one, which has not begun.
    pub(crate) fn adopt(span: &Span, headers: Headers) {
        let headers: HashMap<_, _> = headers.into_iter().collect();
        let parent = TraceContextPropagator::new().extract(&headers);
        if let Err(error) = span.set_parent(parent) {
            tracing::debug!(%error, "a task is in no trace");
        }
    }
}

#[cfg(not(feature = "otel"))]
mod otel {
    use tracing::Span;

    use super::Headers;

    /// Nobody here knows of traces.
    pub(super) fn headers(_: &Span) -> Headers {
        Headers::new()
    }

    /// See [`headers`].
    pub(crate) fn adopt(_: &Span, _: Headers) {}
}

#[cfg(all(test, feature = "otel"))]
mod tests {
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
    use tracing::info_span;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[test]
    fn a_span_on_a_runner_is_the_child_of_the_callers_span_in_one_trace() {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(exporter.clone())
            .build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(layer);

        tracing::subscriber::with_default(subscriber, || {
            let around = info_span!("request").in_scope(Around::here);
            let headers = around.headers();
            let [(name, _)] = &headers[..] else {
                panic!("{headers:?}");
            };
            assert_eq!(name, "traceparent");
            // The runner knows the headers, and nothing else.
            let task = info_span!("flame.task");
            adopt(&task, headers);
            task.in_scope(|| {});
        });

        let spans = exporter.get_finished_spans().unwrap();
        let find = |name| spans.iter().find(|span| span.name == name).unwrap();
        let (request, task) = (find("request"), find("flame.task"));
        assert_eq!(
            task.span_context.trace_id(),
            request.span_context.trace_id()
        );
        assert_eq!(task.parent_span_id, request.span_context.span_id());
        assert!(task.parent_span_is_remote);
    }
}
