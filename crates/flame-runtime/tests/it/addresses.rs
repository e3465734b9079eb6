//! Backends whose runners are on other hosts, and do not say where those find their parent.

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    ParentAddress, Reach,
};
use flame_runtime::{Pool, StartError};

/// Says that its runners are far away, and not where they find their parent.
#[derive(Debug)]
struct Nowhere(Option<ParentAddress>);

#[async_trait]
impl Backend for Nowhere {
    fn name(&self) -> &str {
        "nowhere"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::Network,
            list: false,
        }
    }

    async fn create(&self, _: &BootRequest) -> Result<Instance, BootError> {
        panic!("no pool has started")
    }

    async fn destroy(&self, _: &InstanceName) -> Result<(), DestroyError> {
        Ok(())
    }

    async fn ended(&self, _: &InstanceName) -> ExitReport {
        ExitReport::default()
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        Ok(Vec::new())
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        self.0.clone()
    }
}

#[tokio::test]
async fn a_pool_whose_runners_could_not_find_it_does_not_start() {
    let start = async |address: Option<&str>| {
        let address = address.map(|listen| ParentAddress::new(listen.parse().unwrap()));
        let pool = Pool::builder("nowhere").max(1).backend(Nowhere(address));
        pool.start().await.unwrap_err()
    };
    let error = start(None).await;
    assert!(
        matches!(&error, StartError::NoParentAddress { backend } if backend == "nowhere"),
        "{error}"
    );
    let error = start(Some("0.0.0.0:0")).await;
    assert!(matches!(error, StartError::NotAdvertised { .. }), "{error}");
    // An address of nobody here.
    let error = start(Some("192.0.2.1:0")).await;
    assert!(matches!(error, StartError::Listen(_)), "{error}");
}
