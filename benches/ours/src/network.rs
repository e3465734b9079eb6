use async_trait::async_trait;
use flame::{
    Backend, BootError, BootRequest, Capabilities, ChildProcess, DestroyError, ExitReport,
    Instance, InstanceName, Listed, ParentAddress, Reach,
};

/// Child processes that call back over TCP and TLS, as runners on another host do.
#[derive(Debug, Default)]
pub(crate) struct Network(ChildProcess);

#[async_trait]
impl Backend for Network {
    fn name(&self) -> &str {
        "network"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::Network,
            ..self.0.capabilities()
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        self.0.create(request).await
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        self.0.destroy(name).await
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        self.0.ended(name).await
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        self.0.list().await
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        Some(ParentAddress::new(([127, 0, 0, 1], 0).into()))
    }
}
