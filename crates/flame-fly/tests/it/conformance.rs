//! The contract of all backends. The instances are processes: copies of this test binary.

use std::fmt;
use std::sync::mpsc;
use std::thread;

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    ParentAddress,
};
use flame_fly::FlyBackend;
use flame_fly_emulator::{Emulator, EmulatorConfig, Program};
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::stage::{APP, IMAGE, TOKEN, config_for};

/// What an instance runs; in an ordinary run it does nothing.
#[test]
fn act() {
    flame_testkit::conformance::act_if_told();
}

/// A backend together with the emulator that it speaks to, which lives on a thread of its own.
struct OnFly {
    backend: FlyBackend,
    /// Its end is the emulator's.
    _life: oneshot::Sender<()>,
}

fn on_fly() -> OnFly {
    let (life, end) = oneshot::channel::<()>();
    let (started, starts) = mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let program = Program::new(std::env::current_exe().unwrap())
                .arg("--exact")
                .arg("conformance::act");
            let config = EmulatorConfig::new(APP).token(TOKEN).image(IMAGE, program);
            let emulator = Emulator::start(config.rate_limits(true)).await.unwrap();
            started.send(config_for(&emulator)).unwrap();
            let _ = end.await;
            drop(emulator);
        });
    });
    OnFly {
        backend: FlyBackend::new(starts.recv().unwrap()).unwrap(),
        _life: life,
    }
}

impl fmt::Debug for OnFly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.backend.fmt(f)
    }
}

#[async_trait]
impl Backend for OnFly {
    fn name(&self) -> &str {
        self.backend.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        self.backend.create(request).await
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        self.backend.destroy(name).await
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        self.backend.ended(name).await
    }

    async fn session_lost(&self, name: &InstanceName) {
        self.backend.session_lost(name).await;
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        self.backend.list().await
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        self.backend.parent_address()
    }

    async fn tend(&self) {
        self.backend.tend().await;
    }
}

flame_testkit::conformance_tests!(on_fly());
