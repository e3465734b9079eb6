//! Who writes the log: the app, of itself and of what its runners say.

use std::env;
use std::io::{self, IsTerminal};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, info, info_span};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;

/// What is written unless `RUST_LOG` says otherwise.
const LEVEL: &str = "info";

/// Sets up the log. `RUST_LOG` says what is written, as in `info,flame=debug`.
///
/// # Errors
///
/// Says so if `RUST_LOG` makes no sense, or if there is a subscriber already.
pub fn start() -> anyhow::Result<()> {
    let wanted: Targets = env::var("RUST_LOG").as_deref().unwrap_or(LEVEL).parse()?;
    let written = || {
        fmt::layer()
            .with_writer(io::stderr)
            .with_ansi(io::stderr().is_terminal())
    };
    let subscriber = tracing_subscriber::registry()
        .with(wanted)
        .with(flame::tracing_layer())
        .with((!flame::is_runner()).then(written));
    Ok(tracing::subscriber::set_global_default(subscriber)?)
}

/// A span for each request. What runners do for it is within the span, too.
pub(crate) async fn each_request(request: Request, next: Next) -> Response {
    let span = info_span!("request", method = %request.method(), path = request.uri().path());
    async {
        let response = next.run(request).await;
        info!(status = response.status().as_u16(), "answered");
        response
    }
    .instrument(span)
    .await
}
