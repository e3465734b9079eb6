//! Copies that are not copies: a shell that does what a test needs.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use flame_core::backend::{Backend, BootRequest, ExitReport};
use flame_local::ChildProcess;
use tokio::time::timeout;

/// Far longer than anything here takes. It bounds a failure, not a success.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A backend whose instances run this script.
pub(crate) fn shell(script: &str) -> ChildProcess {
    ChildProcess::new().program("/bin/sh").args(["-c", script])
}

/// Creates an instance and waits for its end.
pub(crate) async fn run(backend: &impl Backend, request: &BootRequest) -> ExitReport {
    backend.create(request).await.unwrap();
    soon(backend.ended(&request.name)).await
}

/// Waits for what must happen soon.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what).await.expect("it never happened")
}

/// Polls a future once.
pub(crate) async fn poll_once<T>(mut future: impl Future<Output = T> + Unpin) -> Option<T> {
    poll_fn(|context| match Pin::new(&mut future).poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
