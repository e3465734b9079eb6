//! The backend itself.

mod creation;
mod destruction;
mod exit;
mod fly;
mod preview;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    ParentAddress, Reach,
};
use tokio::sync::oneshot;

use crate::api::Vm;
use crate::config::{ConfigError, FlyConfig};
use crate::error::FlyError;
use crate::{marks, reap};

use creation::Creation;

pub(crate) use fly::Fly;

/// Boots each runner as a Fly Machine of its own.
///
/// Backends of one process for the same app know of one another: they share the limits of requests, and none
/// takes the runners of another for strays. A clone is the same backend.
///
/// ```no_run
/// use flame_fly::FlyBackend;
///
/// # fn main() -> Result<(), flame_fly::ConfigError> {
/// let backend = FlyBackend::from_env()?;
/// # let _ = backend;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FlyBackend {
    fly: Arc<Fly>,
}

impl FlyBackend {
    /// A backend as the environment and `flame.toml` say it; see [`FlyConfig::load`].
    ///
    /// # Errors
    ///
    /// Something is missing or not possible. No request is sent.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::new(FlyConfig::load()?)
    }

    /// A backend as it is said here.
    ///
    /// # Errors
    ///
    /// Something is missing or not possible. No request is sent.
    pub fn new(config: FlyConfig) -> Result<Self, ConfigError> {
        Ok(Self {
            fly: Arc::new(Fly::new(config)?),
        })
    }
}

impl fmt::Debug for FlyBackend {
    /// Shows no token and no value of a variable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlyBackend")
            .field("app", &self.fly.config.app)
            .field("region", &self.fly.config.region)
            .field("host", &self.fly.config.host)
            .field("instances", &self.fly.local.boots.len())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Backend for FlyBackend {
    fn name(&self) -> &str {
        "fly"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::Network,
            list: true,
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        let boot = self.fly.local.boots.find_or_insert(&request.name);
        let creation = Creation::new(Arc::clone(&self.fly), boot, request)?;
        let (answer, answered) = oneshot::channel();
        // In a task of its own, so that a request that has been sent is heard to its end when this future is
        // dropped: what it made could not be found yet by whoever destroys it then.
        tokio::spawn(creation.run(answer));
        match answered.await {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(FlyError::GivenUp.into()),
        }
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        Ok(destruction::destroy(&self.fly, name).await?)
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        match self.fly.local.boots.get(name) {
            Some(boot) => exit::ended(&self.fly, &boot).await,
            None => ExitReport::default(),
        }
    }

    async fn session_lost(&self, name: &InstanceName) {
        if let Some(boot) = self.fly.local.boots.get(name) {
            exit::look_closely(&boot).await;
        }
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        let found = self.fly.find(&[(marks::FLAME, marks::YES)]).await?;
        Ok(found.iter().filter_map(listed).collect())
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        Some(self.fly.config.parent.clone())
    }

    fn preview(&self, request: &BootRequest) -> Option<String> {
        Some(preview::preview(&self.fly, request))
    }

    /// Sweeps the app for machines that nobody looks after; see the crate's documentation. Of several pools, one
    /// sweeps at a time.
    async fn tend(&self) {
        reap::run(&self.fly).await;
    }
}

/// What others may know of a machine, if it is one of a pool's and not on its way out.
fn listed(vm: &Vm) -> Option<Listed> {
    if vm.state.is_leaving() {
        return None;
    }
    Some(Listed {
        name: vm.name.as_deref()?.parse().ok()?,
        labels: marks::labels(vm)?,
    })
}
