use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use flame::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitKind, ExitReport, Instance,
    InstanceName, Listed, PARENT_VARIABLE, ParentAddress, Reach,
};
use tokio::process::{Child, Command};
use tokio::sync::{Notify, watch};

/// Runners are processes of this host that are started as a provider would start them elsewhere.
#[derive(Debug)]
pub struct Smallest {
    program: String,
    args: Vec<String>,
    processes: Mutex<BTreeMap<InstanceName, Arc<Process>>>,
}

#[derive(Debug)]
struct Process {
    id: String,
    end: watch::Sender<Option<ExitReport>>,
    is_unwanted: Notify,
}

impl Smallest {
    pub fn new(program: String, args: Vec<String>) -> Self {
        Self {
            program,
            args,
            processes: Mutex::default(),
        }
    }

    fn processes(&self) -> MutexGuard<'_, BTreeMap<InstanceName, Arc<Process>>> {
        self.processes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, name: &InstanceName) -> Option<Arc<Process>> {
        self.processes().get(name).cloned()
    }
}

#[async_trait]
impl Backend for Smallest {
    fn name(&self) -> &str {
        "smallest"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::Network,
            list: false,
        }
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        Some(ParentAddress::new(([127, 0, 0, 1], 0).into()))
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        // There is no await in here, so it cannot be dropped halfway. A provider that is asked over a network is
        // asked in a task of its own.
        let mut processes = self.processes();
        if let Some(process) = processes.get(&request.name) {
            return Ok(process.instance());
        }
        let child = Command::new(&self.program)
            .args(&self.args)
            .envs(&request.env)
            .env(PARENT_VARIABLE, request.parent.expose())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| BootError::Rejected {
                source: error.into(),
            })?;
        let process = Arc::new(Process {
            id: format!("pid {}", child.id().unwrap_or_default()),
            end: watch::Sender::default(),
            is_unwanted: Notify::new(),
        });
        tokio::spawn(process.clone().keep(child));
        processes.insert(request.name.clone(), process.clone());
        Ok(process.instance())
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        let Some(process) = self.find(name) else {
            return Ok(());
        };
        process.is_unwanted.notify_one();
        process.ended().await;
        self.processes().remove(name);
        Ok(())
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        match self.find(name) {
            Some(process) => process.ended().await,
            None => ExitReport::default(),
        }
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        Ok(Vec::new())
    }
}

impl Process {
    fn instance(&self) -> Instance {
        Instance {
            provider_id: self.id.clone(),
        }
    }

    /// Waits for the end, or brings it about, and tells everybody who asks, then and later.
    async fn keep(self: Arc<Self>, mut child: Child) {
        let ended = tokio::select! {
            status = child.wait() => status,
            () = self.is_unwanted.notified() => {
                let _ = child.kill().await;
                child.wait().await
            }
        };
        let how = ended.map_or(ExitKind::Unknown, |status| {
            use std::os::unix::process::ExitStatusExt;
            let signal = status.signal().map(ExitKind::Signal);
            signal
                .or(status.code().map(ExitKind::Code))
                .unwrap_or_default()
        });
        let stderr_tail = Vec::new();
        self.end.send_replace(Some(ExitReport { how, stderr_tail }));
    }

    async fn ended(&self) -> ExitReport {
        let mut end = self.end.subscribe();
        let end = end.wait_for(Option::is_some).await;
        end.ok().and_then(|end| end.clone()).unwrap_or_default()
    }
}
