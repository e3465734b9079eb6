use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    ParentAddress,
};
use crate::id::InstanceName;

/// One backend for several pools, or for a pool and the test that watches it.
#[async_trait]
impl<B: Backend + ?Sized> Backend for Arc<B> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn capabilities(&self) -> Capabilities {
        (**self).capabilities()
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        (**self).create(request).await
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        (**self).destroy(name).await
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        (**self).ended(name).await
    }

    async fn session_lost(&self, name: &InstanceName) {
        (**self).session_lost(name).await;
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        (**self).list().await
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        (**self).parent_address()
    }

    fn preview(&self, request: &BootRequest) -> Option<String> {
        (**self).preview(request)
    }

    async fn tend(&self) {
        (**self).tend().await;
    }
}
