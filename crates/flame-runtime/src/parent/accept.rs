use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::pool::Refusal;

/// A pause of the accept loop when the process has run out of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts a connection, however long it takes; without descriptors it waits instead of spinning, and lets
/// `out_of_descriptors` know each time.
pub(super) async fn accept<C>(
    mut poll_accept: impl FnMut(&mut Context<'_>) -> Poll<io::Result<C>>,
    out_of_descriptors: impl Fn(),
) -> C {
    let mut is_told = false;
    loop {
        match poll_fn(&mut poll_accept).await {
            Ok(connection) => return connection,
            // It went as it came, which is its own affair.
            Err(error) if went_away(&error) => {}
            Err(error) => {
                if !is_told {
                    let reason = Refusal::NoDescriptor.label();
                    tracing::warn!(reason, %error, "cannot accept connections");
                    is_told = true;
                }
                out_of_descriptors();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn went_away(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted
    )
}
