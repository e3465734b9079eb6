//! Runners of this process whose runtime goes away under them, with all that runs there.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    Reach,
};
use flame_runtime::{CallError, Pool};
use flame_task::task;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

use crate::add;

/// Runs runners on a runtime of its own, and never says how they end.
#[derive(Debug)]
struct Elsewhere(Mutex<Option<Runtime>>);

impl Elsewhere {
    fn new() -> Arc<Self> {
        let mut runtime = Builder::new_multi_thread();
        runtime.worker_threads(1).enable_all();
        Arc::new(Self(Mutex::new(Some(runtime.build().unwrap()))))
    }

    fn vanish(&self) {
        let runtime = self.0.lock().unwrap().take();
        runtime.unwrap().shutdown_background();
    }
}

#[async_trait]
impl Backend for Elsewhere {
    fn name(&self) -> &str {
        "elsewhere"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::SameProcess,
            list: false,
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        if let Some(runtime) = &*self.0.lock().unwrap() {
            runtime.spawn(request.entry.run());
        }
        Ok(Instance {
            provider_id: "elsewhere".to_owned(),
        })
    }

    async fn destroy(&self, _name: &InstanceName) -> Result<(), DestroyError> {
        Ok(())
    }

    async fn ended(&self, _name: &InstanceName) -> ExitReport {
        std::future::pending().await
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        Ok(Vec::new())
    }
}

static BEGAN: Notify = Notify::const_new();

#[tokio::test]
async fn a_runner_is_lost_when_the_runtime_goes_that_it_and_its_session_are_on() {
    let backend = Elsewhere::new();
    let pool = Pool::builder("vanishing")
        .max(1)
        .backend(backend.clone())
        .start()
        .await
        .unwrap();
    assert_eq!(pool.call(add(1, 2)).await.unwrap(), 3);
    let call = tokio::spawn(pool.call(task!(|| async move {
        BEGAN.notify_one();
        std::future::pending::<()>().await;
    })));
    BEGAN.notified().await;
    backend.vanish();
    let error = call.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::RunnerLost(_)), "{error:?}");
}
