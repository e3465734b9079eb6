use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::api::{Paths, Vm, VmState};
use crate::client::{Client, Request};
use crate::config::{Checked, ConfigError, FlyConfig};
use crate::error::FlyError;
use crate::local::Local;
use crate::marks;

/// How long a request to list may wait for its turn.
const PATIENCE_TO_LIST: Duration = Duration::from_secs(30);
/// A list is read from a copy that may be this much behind. Fly's own tool waits as long.
const SETTLE: Duration = Duration::from_secs(1);
/// How often a machine is told to go before whoever asked is told that it does not.
const MOST_DESTROYS: u32 = 4;
/// How long the server is asked to wait for a machine's end.
const WAIT_FOR_END: Duration = Duration::from_secs(10);
/// The pause before a machine is told to go once more; twice as long each time.
const DESTROY_PAUSE: Duration = Duration::from_millis(500);

/// One app on Fly: what can be asked of it, within its limits.
pub(crate) struct Fly {
    pub(crate) config: Checked,
    pub(crate) paths: Paths,
    pub(crate) client: Client,
    pub(crate) local: Arc<Local>,
}

impl Fly {
    pub(crate) fn new(config: FlyConfig) -> Result<Self, ConfigError> {
        let config = Checked::new(config)?;
        let local = Local::of(&config);
        let client = Client::new(
            &config.host,
            &config.app,
            &config.region,
            config.token.clone(),
            Arc::clone(&local.hidden),
            config.request_timeout,
        )?;
        Ok(Self {
            paths: Paths::new(&config.app),
            local,
            client,
            config,
        })
    }

    /// A machine of this app, also one that is gone already.
    pub(crate) async fn get(&self, id: &str) -> Result<Vm, FlyError> {
        self.client
            .send(&Request::get(self.paths.one(id)))
            .await?
            .json()
    }

    /// A machine of any app that the token may see.
    pub(crate) async fn get_of(&self, app: &str, id: &str) -> Result<Vm, FlyError> {
        let path = Paths::new(app).one(id);
        self.client.send(&Request::get(path)).await?.json()
    }

    /// The machines that have all of these values in their metadata.
    pub(crate) async fn find(&self, marks: &[(&str, &str)]) -> Result<Vec<Vm>, FlyError> {
        let now = Instant::now();
        let may_go_at = self
            .local
            .lists
            .book(now, now + PATIENCE_TO_LIST)
            .map_err(|wait| FlyError::TooManyAtOnce { wait })?;
        sleep_until(may_go_at).await;
        let answer = self
            .client
            .send(&Request::get(self.paths.marked(marks)))
            .await;
        if let Err(FlyError::RateLimited { .. }) = &answer {
            self.local.lists.empty(Instant::now());
        }
        let found = answer?.vms()?;
        Ok(found
            .into_iter()
            .filter(|vm| marks.iter().all(|(key, value)| vm.mark(key) == Some(value)))
            .collect())
    }

    /// The machine of a boot of which no answer was heard. It is absent only if it is twice.
    pub(crate) async fn find_boot(&self, name: &str, nonce: &str) -> Result<Option<Vm>, FlyError> {
        for _ in 0..2 {
            sleep(SETTLE).await;
            let found = self.find(&[(marks::BOOT, nonce)]).await?;
            let ours = found
                .into_iter()
                .find(|vm| vm.name.as_deref() == Some(name));
            if ours.is_some() {
                return Ok(ours);
            }
        }
        Ok(None)
    }

    /// Ends a machine, whatever it is doing, and makes sure that it is gone.
    pub(crate) async fn end_for_good(&self, id: &str) -> Result<(), FlyError> {
        let mut last = None;
        for round in 0..MOST_DESTROYS {
            if round > 0 {
                sleep(DESTROY_PAUSE * 2_u32.pow(round)).await;
            }
            match self
                .client
                .send(&Request::delete(self.paths.destroy(id)))
                .await
            {
                Ok(_) => {}
                Err(FlyError::NotFound { .. }) => return Ok(()),
                // No other request will do better.
                Err(error @ FlyError::Credentials { .. }) => return Err(error),
                Err(error) => {
                    last = Some(error);
                    continue;
                }
            }
            match self.is_gone(id).await {
                Ok(None) => return Ok(()),
                Ok(Some(state)) => {
                    last = Some(FlyError::StillThere {
                        id: id.to_owned(),
                        state: state.to_string(),
                    });
                }
                Err(error) => last = Some(error),
            }
        }
        match last {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Whether a machine that was told to go is gone; its state if it is not.
    async fn is_gone(&self, id: &str) -> Result<Option<VmState>, FlyError> {
        // When this wait has ended well, the machine is gone, even if the next answer calls it `destroying`.
        match self.wait_for_end(id, WAIT_FOR_END).await {
            Ok(()) | Err(FlyError::NotFound { .. }) => return Ok(None),
            Err(_) => {}
        }
        match self.get(id).await {
            Ok(vm) if vm.state == VmState::Destroyed => Ok(None),
            Ok(vm) => Ok(Some(vm.state)),
            Err(FlyError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Resolves when a machine is gone, or with an error after this time.
    pub(crate) async fn wait_for_end(&self, id: &str, time: Duration) -> Result<(), FlyError> {
        let path = self.paths.wait_until_destroyed(id, time.as_secs());
        self.client.send(&Request::wait(path, time)).await.map(drop)
    }
}
