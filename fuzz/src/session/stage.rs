use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    Reach,
};
use flame_proto::parent_text::ParentInfo;
use tokio::sync::{mpsc, watch};

/// Starts nothing, and lets somebody else play what it should have started.
#[derive(Debug)]
pub(crate) struct Stage {
    told: mpsc::UnboundedSender<ParentInfo>,
    curtain: watch::Receiver<bool>,
}

/// What those who play are told about their parent.
#[derive(Debug)]
pub(crate) struct Roles {
    told: mpsc::UnboundedReceiver<ParentInfo>,
    curtain: watch::Sender<bool>,
}

impl Stage {
    pub(crate) fn new() -> (Self, Roles) {
        let (told, roles) = mpsc::unbounded_channel();
        let (curtain, falls) = watch::channel(false);
        let stage = Self {
            told,
            curtain: falls,
        };
        let roles = Roles {
            told: roles,
            curtain,
        };
        (stage, roles)
    }
}

impl Roles {
    pub(super) async fn next(&mut self) -> ParentInfo {
        self.told.recv().await.unwrap()
    }

    /// Whoever is on the stage has ended, as a process ends.
    pub(super) fn end(&self) {
        self.curtain.send_replace(true);
    }
}

#[async_trait]
impl Backend for Stage {
    fn name(&self) -> &str {
        "stage"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::SameHost,
            list: false,
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        let role = ParentInfo::from_text(request.parent.expose()).unwrap();
        // Nobody plays where only the configuration is looked at.
        let _ = self.told.send(role);
        Ok(Instance {
            provider_id: "a role".to_owned(),
        })
    }

    async fn destroy(&self, _: &InstanceName) -> Result<(), DestroyError> {
        Ok(())
    }

    async fn ended(&self, _: &InstanceName) -> ExitReport {
        // It fails when nobody plays any more.
        let _ = self.curtain.clone().wait_for(|fell| *fell).await;
        ExitReport::default()
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        Ok(Vec::new())
    }
}
