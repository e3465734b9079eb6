//! Backends that learn of ends by asking are told when to ask.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitKind, ExitReport, Instance,
    Listed,
};
use flame_runtime::{CallError, LossReason, RunnerLost};
use flame_testkit::ScriptedBackend;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use super::{add, lingers, pool, settle};

/// As the scripted one, but it knows of an end only when it has looked for it.
#[derive(Debug)]
struct Asking {
    inner: Arc<ScriptedBackend>,
    /// How long it looks.
    looks_for: Duration,
    has_looked: Notify,
}

#[async_trait]
impl Backend for Asking {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        self.inner.create(request).await
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        self.inner.destroy(name).await
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        let report = self.inner.ended(name).await;
        self.has_looked.notified().await;
        report
    }

    async fn session_lost(&self, _name: &InstanceName) {
        sleep(self.looks_for).await;
        self.has_looked.notify_one();
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        self.inner.list().await
    }
}

/// What a call is told whose runner is killed, and how long that takes.
async fn loss(looks_for: Duration) -> (RunnerLost, Duration) {
    let inner = Arc::new(ScriptedBackend::new());
    let backend = Arc::new(Asking {
        inner: Arc::clone(&inner),
        looks_for,
        has_looked: Notify::new(),
    });
    let pool = pool(&inner).backend(backend).start().await.unwrap();
    let running = tokio::spawn(lingers().on(&pool));
    settle().await;
    let report = ExitReport {
        how: ExitKind::Code(3),
        ..ExitReport::default()
    };
    assert!(inner.kill(&inner.nth_create(0).await, report));
    let start = Instant::now();
    let error = running.await.unwrap().unwrap_err();
    let after = start.elapsed();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    pool.shutdown().await;
    let CallError::RunnerLost(lost) = error else {
        panic!("{error}")
    };
    (lost, after)
}

#[tokio::test(start_paused = true)]
async fn callers_wait_until_the_backend_has_looked_how_their_runner_ended() {
    let (lost, after) = loss(Duration::from_secs(4)).await;
    assert_eq!(lost.reason.exit(), Some(ExitKind::Code(3)));
    assert!(after < Duration::from_secs(5), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn callers_do_not_wait_for_a_backend_that_does_not_come_to_an_end() {
    let (lost, after) = loss(Duration::from_secs(3600)).await;
    assert_eq!(lost.reason, LossReason::SessionClosed);
    assert!(after < Duration::from_secs(6), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn a_runner_that_leaves_in_good_order_is_not_asked_for() {
    let inner = Arc::new(ScriptedBackend::new());
    let backend = Arc::new(Asking {
        inner: Arc::clone(&inner),
        looks_for: Duration::from_secs(3600),
        has_looked: Notify::new(),
    });
    let pool = pool(&inner).backend(backend).start().await.unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    let start = Instant::now();
    pool.shutdown().await;
    assert!(start.elapsed() < Duration::from_secs(3), "{start:?}");
}
