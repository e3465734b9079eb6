//! What the stories have in common: an emulator, a backend that speaks to it, requests.

use std::time::Duration;

use flame_core::backend::{Backend, BootError, BootRequest, Instance};
use flame_fly::{FlyBackend, FlyConfig, FlyError, Secret};
use flame_fly_emulator::{Emulator, EmulatorConfig, Exchange, Program, Route};
use tokio::net::TcpSocket;

pub(crate) const APP: &str = "my-app";
pub(crate) const IMAGE: &str = "registry.example/my-app:1";
pub(crate) const TOKEN: &str = "fm2_canarytoken,fm2_canarydischarge";
/// The machine that this process says it is.
pub(crate) const MACHINE: &str = "4d89012c7e5d81";

/// An emulator and a backend that speaks to it.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) backend: FlyBackend,
}

impl Stage {
    /// Machines only pretend to run.
    pub(crate) async fn new() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(change: impl FnOnce(EmulatorConfig) -> EmulatorConfig) -> Self {
        let config = EmulatorConfig::new(APP)
            .token(TOKEN)
            .image(IMAGE, Program::Pretended);
        let emulator = Emulator::start(change(config)).await.unwrap();
        let backend = FlyBackend::new(config_for(&emulator)).unwrap();
        Self { emulator, backend }
    }

    pub(crate) async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        self.backend.create(request).await
    }

    /// The error of a boot that fails.
    pub(crate) async fn refusal(&self, request: &BootRequest) -> (BootError, FlyError) {
        let error = self.create(request).await.unwrap_err();
        let cause = cause(&error);
        (error, cause)
    }

    /// The requests of one kind, in their order.
    pub(crate) fn requests(&self, route: Route) -> Vec<Exchange> {
        let journal = self.emulator.journal().into_iter();
        journal.filter(|exchange| exchange.route == route).collect()
    }

    pub(crate) fn count(&self, route: Route) -> usize {
        self.requests(route).len()
    }

    /// Nothing was sent that the schema does not know, and nothing is left.
    pub(crate) fn ends_clean(&self) {
        assert_eq!(self.emulator.violations(), [""; 0]);
        let live: Vec<_> = self.emulator.live().into_iter().map(|vm| vm.name).collect();
        assert_eq!(live, [""; 0]);
    }
}

/// What the backend is told.
pub(crate) fn config_for(emulator: &Emulator) -> FlyConfig {
    FlyConfig {
        token: Some(Secret::from(TOKEN)),
        app: Some(APP.into()),
        image: Some(IMAGE.into()),
        region: Some("iad".into()),
        host: Some(emulator.base_url()),
        cpus: Some(2),
        parent_app: Some(APP.into()),
        parent_machine: Some(MACHINE.into()),
        parent_ip: Some([127, 0, 0, 1].into()),
        ..FlyConfig::default()
    }
}

/// An address at which nobody answers, for as long as the socket is kept: it is taken, and nobody listens.
pub(crate) fn nobody() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let host = format!("http://{}", socket.local_addr().unwrap());
    (socket, host)
}

/// A boot that must be done within this time.
pub(crate) fn request_within(boot_timeout: Duration) -> BootRequest {
    BootRequest {
        boot_timeout,
        ..flame_testkit::boot_request()
    }
}

pub(crate) fn request() -> BootRequest {
    request_within(Duration::from_secs(30))
}

/// What Fly said, under what the pool is told.
pub(crate) fn cause(error: &BootError) -> FlyError {
    let source = std::error::Error::source(error);
    let cause = source.and_then(|source| source.downcast_ref::<FlyError>());
    cause.cloned().unwrap_or_else(|| panic!("{error:?}"))
}
