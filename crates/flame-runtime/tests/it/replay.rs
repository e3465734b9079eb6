use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitKind, ExitReport, Instance,
    Listed, RunnerEntry,
};
use flame_core::runner::exit;
use flame_local::InProcess;
use flame_runtime::Pool;

use super::{add, settle};

/// Keeps what each copy was told, so that it can be told again.
#[derive(Debug)]
pub(super) struct Eavesdropper {
    runners: InProcess,
    entries: Mutex<Vec<RunnerEntry>>,
}

impl Eavesdropper {
    pub(super) fn new() -> Self {
        Self {
            runners: InProcess::on_current_runtime(),
            entries: Mutex::default(),
        }
    }

    /// What the first copy was told.
    pub(super) fn first(&self) -> RunnerEntry {
        self.entries.lock().unwrap()[0].clone()
    }
}

#[async_trait]
impl Backend for Eavesdropper {
    fn name(&self) -> &str {
        "eavesdropper"
    }

    fn capabilities(&self) -> Capabilities {
        self.runners.capabilities()
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        self.entries.lock().unwrap().push(request.entry.clone());
        self.runners.create(request).await
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        self.runners.destroy(name).await
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        self.runners.ended(name).await
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        self.runners.list().await
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_copy_was_told_is_good_for_one_runner() {
    let backend = Arc::new(Eavesdropper::new());
    let pool = Pool::builder("replay")
        .max(1)
        .backend(backend.clone())
        .on_current_runtime()
        .idle_shutdown_after(Duration::from_secs(3600))
        .start()
        .await
        .unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);

    let told = backend.first();
    assert_eq!(told.run().await.how, ExitKind::Code(exit::REFUSED));
    settle().await;
    assert_eq!(
        pool.snapshot().counts.ready,
        1,
        "the first runner is untouched"
    );
    assert_eq!(add(2, 2).on(&pool).await.unwrap(), 4);

    pool.shutdown().await;
    assert_eq!(
        told.run().await.how,
        ExitKind::Code(exit::REFUSED),
        "after its end as well"
    );
}
