use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::{Judgment, Parents, judge_one};
use crate::api::VmState;
use crate::backend::Fly;
use crate::config::{ConfigError, FlyConfig};
use crate::error::FlyError;
use crate::marks::{self, Origin};

/// How long after the first look the second one is: a list is read from a copy that may be behind.
const SECOND_LOOK_AFTER: Duration = Duration::from_secs(2);

/// What this library has made in one app on Fly, seen from outside of any pool: for tools that list and clear up.
///
/// ```no_run
/// use flame_fly::{FlyConfig, FlyFleet};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let fleet = FlyFleet::new(FlyConfig::load()?)?;
/// for stray in fleet.strays().await? {
///     println!("{} has no parent: {}", stray.id, stray.stray.as_deref().unwrap_or_default());
///     fleet.end(&stray.id).await?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct FlyFleet {
    fly: Arc<Fly>,
}

/// One machine that this library has made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FlyListed {
    /// Fly's id of it.
    pub id: String,
    /// Its name, by which its pool knows it.
    pub name: String,
    /// The pool that it is for, if it says so.
    pub pool: Option<String>,
    /// What it is doing, in Fly's word.
    pub state: String,
    /// Where it is.
    pub region: Option<String>,
    /// Since when there is one, as Fly says it: an instant by its clock, in the form of RFC 3339.
    pub created_at: Option<String>,
    /// The machine of the process that asked for it, as `app/machine`.
    pub parent: Option<String>,
    /// Why it certainly has no parent any more. `None` if it may have one.
    pub stray: Option<String>,
}

impl FlyFleet {
    /// The app that the configuration names. Only its app, its token and its host matter, since nothing is created.
    ///
    /// # Errors
    ///
    /// There is no app or no token, or something is not possible. No request is sent.
    pub fn new(config: FlyConfig) -> Result<Self, ConfigError> {
        let unused = || Some("none".to_owned());
        let config = FlyConfig {
            image: config.image.clone().or_else(unused),
            region: config.region.clone().or_else(|| Some("any".to_owned())),
            parent_ip: config.parent_ip.or(Some([127, 0, 0, 1].into())),
            ..config
        };
        Ok(Self {
            fly: Arc::new(Fly::new(config)?),
        })
    }

    /// The app.
    pub fn app(&self) -> &str {
        &self.fly.config.app
    }

    /// All that there is and is not destroyed, in the order of their names.
    ///
    /// # Errors
    ///
    /// Fly cannot be reached, or refuses.
    pub async fn list(&self) -> Result<Vec<FlyListed>, FlyError> {
        let found = self.fly.find(&[(marks::FLAME, marks::YES)]).await?;
        let mut parents = Parents::default();
        let mut listed = Vec::with_capacity(found.len());
        for vm in found {
            let Some(id) = vm.id.clone() else { continue };
            if vm.state == VmState::Destroyed {
                continue;
            }
            let stray = match judge_one(&self.fly, &vm, &mut parents).await {
                Judgment::Leave => None,
                Judgment::End(why) | Judgment::EndIfSeenAgain(why) => Some(why.to_owned()),
            };
            listed.push(FlyListed {
                id,
                name: vm.name.clone().unwrap_or_default(),
                pool: marks::labels(&vm).and_then(|labels| labels.get(marks::POOL).cloned()),
                state: vm.state.to_string(),
                region: vm.region.clone(),
                created_at: vm.created_at.clone(),
                parent: Origin::of(&vm)
                    .and_then(|origin| origin.place)
                    .map(|(app, machine)| format!("{app}/{machine}")),
                stray,
            });
        }
        listed.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(listed)
    }

    /// Those that certainly have no parent any more, by the rules of the sweep: they were seen twice so. It takes
    /// two seconds.
    ///
    /// # Errors
    ///
    /// Fly cannot be reached, or refuses.
    pub async fn strays(&self) -> Result<Vec<FlyListed>, FlyError> {
        let first = self.list().await?;
        if first.iter().all(|listed| listed.stray.is_none()) {
            return Ok(Vec::new());
        }
        tokio::time::sleep(SECOND_LOOK_AFTER).await;
        let mut again = self.list().await?;
        again.retain(|listed| {
            let was_one = |before: &FlyListed| before.id == listed.id && before.stray.is_some();
            listed.stray.is_some() && first.iter().any(was_one)
        });
        Ok(again)
    }

    /// Ends a machine for good, whatever it is doing. One that is gone already is fine.
    ///
    /// It does not ask whose the machine is.
    ///
    /// # Errors
    ///
    /// Fly cannot be reached, refuses, or the machine is still there after several requests.
    pub async fn end(&self, id: &str) -> Result<(), FlyError> {
        self.fly.end_for_good(id).await
    }
}

impl fmt::Debug for FlyFleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlyFleet")
            .field("app", &self.fly.config.app)
            .field("host", &self.fly.config.host)
            .finish_non_exhaustive()
    }
}
