use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM, by which platforms ask a process to end: a runner drains.
#[derive(Debug)]
pub(super) struct Terminate(Option<Signal>);

impl Terminate {
    /// Catches the signal from now on.
    pub(super) fn watch() -> Self {
        let signal = signal(SignalKind::terminate());
        if let Err(error) = &signal {
            tracing::warn!(%error, "SIGTERM will end this runner at once");
        }
        Self(signal.ok())
    }

    /// Resolves at the next signal. Cancel safe.
    pub(super) async fn requested(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                if signal.recv().await.is_none() {
                    std::future::pending::<()>().await;
                }
            }
            None => std::future::pending().await,
        }
    }
}
