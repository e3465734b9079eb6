use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitKind, ExitReport, Instance,
    Listed, ParentAddress, Reach, RunnerEntry,
};
use tokio::sync::watch;

/// The name of the parent's host.
pub(crate) const PARENT: &str = "parent";
const PORT: u16 = 4_433;

/// A provider of machines on the simulated network. It says what it wants; the life makes and ends the hosts.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    create_after: Duration,
    destroy_after: Duration,
    all: Arc<Mutex<Vec<Host>>>,
}

/// A machine, from the order on to the end of the life.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) name: InstanceName,
    pub(crate) entry: RunnerEntry,
    pub(crate) stage: Stage,
    pub(crate) is_to_end: bool,
    /// How its runner ended, as it said itself or as the provider found it.
    pub(crate) end: watch::Sender<Option<ExitReport>>,
}

/// How far a machine has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Ordered,
    Runs,
    Gone,
}

impl Provider {
    pub(crate) fn new(create_after: Duration, destroy_after: Duration) -> Self {
        Self {
            create_after,
            destroy_after,
            all: Arc::default(),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Vec<Host>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end_of(&self, name: &InstanceName) -> Option<watch::Receiver<Option<ExitReport>>> {
        let all = self.lock();
        let machine = all.iter().find(|machine| machine.name == *name)?;
        Some(machine.end.subscribe())
    }
}

impl Host {
    /// The provider knows that it has ended.
    pub(crate) fn gone(&mut self) {
        self.stage = Stage::Gone;
        let killed = ExitReport {
            how: ExitKind::Signal(9),
            stderr_tail: Vec::new(),
        };
        self.end.send_if_modified(|end| {
            let is_news = end.is_none();
            end.get_or_insert(killed);
            is_news
        });
    }
}

#[async_trait]
impl Backend for Provider {
    fn name(&self) -> &str {
        "simulated"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::Network,
            list: false,
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        tokio::time::sleep(self.create_after).await;
        let mut all = self.lock();
        let provider_id = format!("m{}", all.len());
        all.push(Host {
            name: request.name.clone(),
            entry: request.entry.clone(),
            stage: Stage::Ordered,
            is_to_end: false,
            end: watch::Sender::default(),
        });
        Ok(Instance { provider_id })
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        let Some(mut end) = self.end_of(name) else {
            return Ok(());
        };
        tokio::time::sleep(self.destroy_after).await;
        for machine in self
            .lock()
            .iter_mut()
            .filter(|machine| machine.name == *name)
        {
            machine.is_to_end = true;
        }
        // The sender is kept as long as the life.
        let _ = end.wait_for(Option::is_some).await;
        Ok(())
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        let Some(mut end) = self.end_of(name) else {
            return ExitReport::default();
        };
        let ended = end.wait_for(Option::is_some).await;
        ended.map_or_else(
            |_| ExitReport::default(),
            |end| end.clone().unwrap_or_default(),
        )
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        Ok(Vec::new())
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        Some(ParentAddress {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, PORT)),
            advertise: Some(PARENT.to_owned()),
        })
    }
}
