use std::sync::Arc;
use std::time::Duration;

use flame_core::pool::PoolEvent;

use super::handle::Pool;
use super::options::PoolOptions;
use super::shared::Shared;
use crate::error::StartError;
use crate::termination::Terminations;

/// How a pool starts, changes and ends.
impl Pool {
    /// Starts a pool that has not started, and waits for its first `min` runners.
    ///
    /// # Errors
    ///
    /// As [`PoolBuilder::start`].
    pub async fn start(&self) -> Result<(), StartError> {
        let owner = self.owner().clone()?;
        let shared = owner.pool();
        let min = shared.lock().settings.limits.min();
        let mut progress = shared.progress.subscribe();
        let reached = progress
            .wait_for(|progress| {
                progress.ready >= min || progress.failure.is_some() || progress.stopped
            })
            .await;
        match reached {
            Ok(progress) if progress.ready < min => match &progress.failure {
                Some(failure) => Err(StartError::Boot(failure.clone())),
                None => Ok(()),
            },
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Changes the pool while it runs. `change` gets what is in force and returns what shall be; it is asked again should
    /// somebody else change the pool at the same moment.
    ///
    /// ```no_run
    /// # use flame_runtime as flame;
    /// # fn run(pool: &flame::Pool) -> Result<(), flame::StartError> {
    /// pool.reconfigure(|options| options.max(20).warm(4))
    /// # }
    /// ```
    ///
    /// It takes effect at once and takes nothing back: more runners are booted as they are wanted, those that are too
    /// many finish what they run and go, callers who wait keep their place, and deadlines that run stay as they are.
    /// `peer_loss_after` and `max_payload` are agreed upon when a runner attaches, so they hold for later ones.
    /// It goes over `flame.toml` and the environment, which are read once.
    ///
    /// # Errors
    ///
    /// The new limits are impossible, and the old ones stay; or the pool could not be started.
    pub fn reconfigure(
        &self,
        change: impl Fn(PoolOptions) -> PoolOptions,
    ) -> Result<(), StartError> {
        self.owner().clone()?.pool().reconfigure(change)
    }

    /// Ends the pool when its work is done: new calls are refused from now on, those that wait or run go on. What
    /// has not ended after `patience` is treated as in [`shutdown`](Self::shutdown). Returns when no runner is left,
    /// or at once if the pool has not started.
    ///
    /// Dropping the future does not call it off.
    pub async fn drain(&self, patience: Duration) {
        self.end(|pool| PoolEvent::DrainRequested {
            until: pool.threads.now().checked_add(patience),
        })
        .await;
    }

    /// Ends the pool: waiting calls are refused, running ones get `shutdown_timeout`, then they are cancelled.
    /// Returns when no runner is left, or at once if the pool has not started.
    ///
    /// It ends for all its handles, and does not start again. Dropping the future does not call it off.
    pub async fn shutdown(&self) {
        self.end(|_| PoolEvent::ShutdownRequested).await;
    }

    /// Ends the pool without patience: every runner is ended at once, with what it runs. Returns when none is left,
    /// or at once if the pool has not started.
    pub async fn kill(&self) {
        self.end(|_| PoolEvent::KillRequested).await;
    }

    /// Waits until this process is told to end, by SIGTERM or Ctrl-C, and then [shuts down](Self::shutdown). A second
    /// signal [kills](Self::kill).
    ///
    /// The program should end when this returns. It catches the signals as [`termination`](crate::termination) does.
    pub async fn shutdown_on_termination(&self) {
        let mut terminations = Terminations::watch();
        terminations.next().await;
        tracing::info!(pool = self.name(), "told to end; the pool shuts down");
        tokio::select! {
            () = self.shutdown() => {}
            () = terminations.next() => {
                tracing::warn!(pool = self.name(), "told to end once more; the pool's runners are killed");
                self.kill().await;
            }
        }
    }

    async fn end(&self, how: impl FnOnce(&Shared) -> PoolEvent) {
        let Some(Ok(owner)) = self.started.get() else {
            return;
        };
        let pool = owner.pool();
        pool.handle(how(pool));
        let mut progress = pool.progress.subscribe();
        // The sender lives as long as the pool, and the pool as long as this handle.
        let _ = progress.wait_for(|progress| progress.stopped).await;
    }
}

impl Shared {
    fn reconfigure(
        self: &Arc<Self>,
        change: impl Fn(PoolOptions) -> PoolOptions,
    ) -> Result<(), StartError> {
        loop {
            let before = self.lock().settings.clone();
            // The user's code does not run under the lock, so somebody else may have been quicker.
            let mut settings = before.changed(self.name.as_str(), &change)?;
            if self.depth > 0 {
                settings = settings.nested()?;
            }
            let mut inner = self.lock();
            if Arc::ptr_eq(&inner.settings, &before) {
                let event = PoolEvent::LimitsChanged {
                    limits: settings.limits,
                    timeouts: settings.timeouts,
                };
                inner.settings = Arc::new(settings);
                self.handle_locked(&mut inner, event);
                return Ok(());
            }
        }
    }
}
