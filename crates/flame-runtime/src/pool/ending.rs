use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use flame_core::backend::ExitReport;
use flame_core::pool::PoolEvent;
use flame_core::{InstanceName, RunnerId};
use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::shared::{Inner, Shared};
use crate::error::{BootCause, BootFailure};

/// How long a backend may take to answer one request to destroy, before it is asked again.
const DESTROY_TIMEOUT: Duration = Duration::from_secs(30);

impl Shared {
    /// Ends the session and has the backend end the instance, gently if it is ending by itself.
    pub(super) fn destroy(self: &Arc<Self>, inner: &mut Inner, runner: RunnerId) {
        let Some(record) = inner.runners.get_mut(&runner) else {
            inner
                .follow_ups
                .push_back(PoolEvent::InstanceGone { runner });
            return;
        };
        self.boots().forget(&record.instance);
        if let Some(session) = &record.session {
            drop(session.close());
        }
        inner.tell_ended(runner);
        let Some(record) = inner.runners.get_mut(&runner) else {
            return;
        };
        record.destroying = true;
        // While the instance is being created, nothing can be said about it: the creation ends first, and
        // what came of it is destroyed by its name.
        let creation = record
            .provider_id
            .is_none()
            .then(|| record.boot.take())
            .flatten();
        let ending = Ending {
            runner,
            instance: record.instance.clone(),
            creation,
            by_itself: record.finished.then(|| record.exit.clone()),
        };
        self.threads.spawn_backend(end(self.clone(), ending));
    }

    /// The boot took too long; it is destroyed next.
    pub(super) fn fail_boot(&self, inner: &mut Inner, runner: RunnerId) {
        let Some(record) = inner.runners.get_mut(&runner) else {
            return;
        };
        let cause = BootCause::TimedOut {
            after: inner.settings.timeouts.boot_timeout,
        };
        record.failure = Some(cause.clone());
        let failure = BootFailure::new(record.instance.to_string(), cause);
        tracing::warn!(pool = %self.name, %runner, %failure, "boot failed");
        self.note_failure(inner, failure);
    }

    fn gone(self: &Arc<Self>, runner: RunnerId) {
        let mut inner = self.lock();
        inner.tell_gone(runner);
        self.handle_locked(&mut inner, PoolEvent::InstanceGone { runner });
        if let Some(record) = inner.runners.remove(&runner) {
            if let Some(boot) = record.boot {
                boot.abort();
            }
            // Work whose callers had their answer already ended with the runner.
            for caller in record.calls.values() {
                inner.calls.remove(caller);
            }
            tracing::info!(pool = %self.name, %runner, instance = %record.instance, "instance gone");
        }
    }
}

/// An instance that has to end.
struct Ending {
    runner: RunnerId,
    instance: InstanceName,
    /// The task that is still creating it.
    creation: Option<JoinHandle<()>>,
    /// Where its own end will be reported, if it is ending by itself.
    by_itself: Option<watch::Receiver<Option<ExitReport>>>,
}

async fn end(pool: Arc<Shared>, ending: Ending) {
    let Ending {
        runner,
        instance,
        creation,
        by_itself,
    } = ending;
    if let Some(creation) = creation {
        creation.abort();
        // It was cancelled, or it had just come to its end.
        let _ = creation.await;
    }
    if let Some(mut exit) = by_itself {
        let patience = pool.lock().settings.timeouts.kill_timeout;
        let _ = timeout(patience, exit.wait_for(Option::is_some)).await;
    }
    let destroyed = AssertUnwindSafe(pool.backend.destroy(&instance)).catch_unwind();
    let error = match timeout(DESTROY_TIMEOUT, destroyed).await {
        Ok(Ok(Ok(()))) => return pool.gone(runner),
        Ok(Ok(Err(error))) => match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
        Ok(Err(_)) => "the backend panicked".to_owned(),
        Err(_) => format!("the backend did not answer within {DESTROY_TIMEOUT:?}"),
    };
    tracing::warn!(pool = %pool.name, %instance, error, "destroy failed, and will be repeated");
    pool.handle(PoolEvent::DestroyFailed { runner });
}
