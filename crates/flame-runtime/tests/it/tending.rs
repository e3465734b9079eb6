//! What a backend does beside its instances.

use std::sync::Arc;

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
};
use flame_testkit::ScriptedBackend;
use tokio::sync::{mpsc, oneshot};

use super::add;

/// As the scripted one, and it tells when it begins to tend, and when that is dropped.
#[derive(Debug)]
struct Tending {
    inner: ScriptedBackend,
    began: mpsc::UnboundedSender<oneshot::Receiver<()>>,
    panics: bool,
}

impl Tending {
    fn new(panics: bool) -> (Self, mpsc::UnboundedReceiver<oneshot::Receiver<()>>) {
        let (began, told) = mpsc::unbounded_channel();
        let inner = ScriptedBackend::new();
        let backend = Self {
            inner,
            began,
            panics,
        };
        (backend, told)
    }
}

#[async_trait]
impl Backend for Tending {
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
        self.inner.ended(name).await
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        self.inner.list().await
    }

    async fn tend(&self) {
        let (_dropped, told) = oneshot::channel::<()>();
        self.began.send(told).unwrap();
        assert!(!self.panics, "a backend may have a fault");
        std::future::pending::<()>().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_backend_tends_to_its_business_from_the_pools_start_to_its_end() {
    let (backend, mut began) = Tending::new(false);
    let pool = super::pool(&Arc::new(ScriptedBackend::new()))
        .backend(Arc::new(backend))
        .start()
        .await
        .unwrap();
    let mut dropped = began.recv().await.unwrap();
    assert_eq!(pool.call(add(1, 2)).await.unwrap(), 3);
    assert_eq!(dropped.try_recv(), Err(oneshot::error::TryRecvError::Empty));

    pool.shutdown().await;

    assert!(dropped.await.is_err(), "dropped, and nothing was sent");
    assert!(began.try_recv().is_err(), "it was asked once");
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_panics_at_it_still_serves_its_pool() {
    let (backend, mut began) = Tending::new(true);
    let pool = super::pool(&Arc::new(ScriptedBackend::new()))
        .backend(backend)
        .start()
        .await
        .unwrap();
    assert!(began.recv().await.unwrap().await.is_err());
    assert_eq!(pool.call(add(1, 2)).await.unwrap(), 3);
}
