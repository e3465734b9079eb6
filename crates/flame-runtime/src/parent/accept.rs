use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

/// A pause of the accept loop when the process has run out of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts a connection, however long it takes; without descriptors it waits instead of spinning.
pub(super) async fn accept<C>(
    mut poll_accept: impl FnMut(&mut Context<'_>) -> Poll<io::Result<C>>,
) -> C {
    loop {
        match poll_fn(&mut poll_accept).await {
            Ok(connection) => return connection,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
