use std::fmt;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// What the app says about going for want of work.
#[derive(Clone)]
pub(super) struct IdleCheck(Arc<dyn Fn() -> bool + Send + Sync>);

impl IdleCheck {
    pub(super) fn new(check: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(check))
    }

    /// Asks on a thread of the app where blocking is allowed. One that panics has not agreed.
    pub(super) fn ask(&self, app: &Handle, answers: mpsc::UnboundedSender<bool>) {
        let check = self.0.clone();
        let asked = app.spawn_blocking(move || check());
        app.spawn(async move {
            let idle = asked.await.unwrap_or_else(|error| {
                tracing::error!(%error, "the idle check panicked, so this runner stays");
                false
            });
            // The driver may have ended; then nobody wants to know.
            let _ = answers.send(idle);
        });
    }
}

impl fmt::Debug for IdleCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdleCheck")
    }
}
