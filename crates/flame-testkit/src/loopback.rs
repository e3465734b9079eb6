//! Runners on this host that find their parent as those on another host do.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    PARENT_VARIABLE, ParentAddress, ParentText, Reach,
};
use flame_local::ChildProcess;

/// Becomes the copy, without the lifeline that a child process would have.
const BECOME_THE_COPY: &str = "exec \"$0\" \"$@\" </dev/null";

/// Starts child processes, which dial their parent over TCP and TLS and are told of it in the environment.
///
/// For tests of the link between hosts, without a second host: [`ParentAddress`] is one of the loopback
/// interface, and nothing but the session tells a runner of its parent's end.
///
/// ```
/// use flame_core::backend::{Backend, Reach};
/// use flame_testkit::LoopbackBackend;
///
/// let backend = LoopbackBackend::new().args(["--config", "runner.toml"]).env("RUST_LOG", "info");
/// assert_eq!(backend.capabilities().reach, Reach::Network);
/// ```
#[derive(Debug)]
pub struct LoopbackBackend {
    address: ParentAddress,
    copies: ChildProcess,
    told: Mutex<Vec<ParentText>>,
}

impl LoopbackBackend {
    /// The parent listens on 127.0.0.1, at any port.
    pub fn new() -> Self {
        Self::listening_on(ParentAddress::new(SocketAddr::from((
            Ipv4Addr::LOCALHOST,
            0,
        ))))
    }

    /// The parent listens there.
    pub fn listening_on(address: ParentAddress) -> Self {
        Self {
            address,
            copies: ChildProcess::new(),
            told: Mutex::default(),
        }
        .started_with(std::env::args_os().skip(1).collect())
    }

    /// Replaces the arguments of the copies, which are this process's own if this is not called.
    #[must_use]
    pub fn args(self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.started_with(args.into_iter().map(Into::into).collect())
    }

    /// Sets an environment variable of the copies.
    #[must_use]
    pub fn env(mut self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.copies = self.copies.env(key, value);
        self
    }

    /// What the copies were told of their parent so far, oldest first.
    pub fn told(&self) -> Vec<ParentText> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.clone()
    }

    fn started_with(mut self, args: Vec<OsString>) -> Self {
        let this = std::env::current_exe().map_or_else(|_| OsString::new(), Into::into);
        let script = ["-c", BECOME_THE_COPY].map(OsString::from);
        let args = script.into_iter().chain([this]).chain(args);
        self.copies = self.copies.program("/bin/sh").args(args);
        self
    }
}

impl Default for LoopbackBackend {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Backend for LoopbackBackend {
    fn name(&self) -> &str {
        "loopback"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::Network,
            ..self.copies.capabilities()
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        let mut request = request.clone();
        let text = request.parent.expose().to_owned();
        request.env.insert(PARENT_VARIABLE.to_owned(), text);
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.parent.clone());
        self.copies.create(&request).await
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        self.copies.destroy(name).await
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        self.copies.ended(name).await
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        self.copies.list().await
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        Some(self.address.clone())
    }
}
