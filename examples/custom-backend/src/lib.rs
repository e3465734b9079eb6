//! Runners over SSH, on hosts that have the program already.

mod greeting;
mod host;
mod output;
mod session;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use flame::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance,
    InstanceName, Listed, ParentAddress, Reach,
};

pub use host::Host;
use session::Session;

/// Starts runners over SSH, on one host after the other.
///
/// Each instance is an SSH session. What is secret goes through the session, and never onto a command line.
#[derive(Debug)]
pub struct SshBackend {
    hosts: Vec<Host>,
    command: String,
    parent: ParentAddress,
    created: AtomicUsize,
    sessions: Mutex<BTreeMap<InstanceName, Arc<Session>>>,
}

impl SshBackend {
    /// Runners are what `command`, a line for `sh`, starts on the hosts. They find this process at `parent`.
    pub fn new(
        hosts: impl IntoIterator<Item = Host>,
        command: impl Into<String>,
        parent: ParentAddress,
    ) -> Self {
        Self {
            hosts: hosts.into_iter().collect(),
            command: command.into(),
            parent,
            created: AtomicUsize::new(0),
            sessions: Mutex::default(),
        }
    }

    fn sessions(&self) -> MutexGuard<'_, BTreeMap<InstanceName, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn session(&self, name: &InstanceName) -> Option<Arc<Session>> {
        self.sessions().get(name).cloned()
    }

    /// The session of this name, which is begun unless there is one.
    fn find_or_begin(&self, request: &BootRequest) -> anyhow::Result<Arc<Session>> {
        let mut sessions = self.sessions();
        if let Some(session) = sessions.get(&request.name) {
            return Ok(session.clone());
        }
        let turn = self.created.fetch_add(1, Ordering::Relaxed);
        let host = self.hosts.get(turn % self.hosts.len().max(1));
        let host = host.ok_or_else(|| anyhow::anyhow!("the backend has no hosts"))?;
        let session = Session::begin(host.clone(), request, &self.command)?;
        sessions.insert(request.name.clone(), session.clone());
        Ok(session)
    }
}

#[async_trait]
impl Backend for SshBackend {
    fn name(&self) -> &str {
        "ssh"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::Network,
            list: true,
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        let session = self.find_or_begin(request);
        let session = session.map_err(|error| BootError::Rejected {
            source: error.into(),
        })?;
        session.begun().await
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        let Some(session) = self.session(name) else {
            // Another process has started it, or nobody.
            for host in &self.hosts {
                host.end(name).await.map_err(DestroyError::new)?;
            }
            return Ok(());
        };
        session.end().await.map_err(DestroyError::new)?;
        self.sessions().remove(name);
        Ok(())
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        match self.session(name) {
            Some(session) => session.ended().await,
            None => ExitReport::default(),
        }
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        let mut all = Vec::new();
        for host in &self.hosts {
            all.extend(host.list().await.map_err(DestroyError::new)?);
        }
        Ok(all)
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        Some(self.parent.clone())
    }
}
