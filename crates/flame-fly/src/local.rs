//! What this process knows of one app on Fly, whichever of its backends has it from.

mod boot;
mod hidden;
mod table;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use tokio::sync::Mutex as AsyncMutex;

use crate::chance;
use crate::client::Bucket;
use crate::config::Checked;
use crate::process::ProcessStamp;

pub(crate) use boot::{Boot, Known, margin};
pub(crate) use hidden::Hidden;
pub(crate) use table::Table;

/// What this process knows of one app on Fly. All its backends for that app share it: the limits of requests hold
/// for all of them, and no sweep may take the runners of another pool for strays.
pub(crate) struct Local {
    pub(crate) boots: Table,
    pub(crate) creates: Bucket,
    pub(crate) lists: Bucket,
    pub(crate) hidden: Arc<Hidden>,
    /// Whoever holds it sweeps.
    pub(crate) sweeping: AsyncMutex<()>,
}

/// The address of the API, the app, and the machine that this process says it is.
type Place = (String, String, Option<String>);

static LOCALS: Mutex<BTreeMap<Place, Weak<Local>>> = Mutex::new(BTreeMap::new());

impl Local {
    /// The one for this app.
    pub(crate) fn of(config: &Checked) -> Arc<Self> {
        let place = (
            config.host.clone(),
            config.app.clone(),
            config.parent_machine.clone(),
        );
        // Nothing in here can panic half way.
        let mut locals = LOCALS.lock().unwrap_or_else(PoisonError::into_inner);
        locals.retain(|_, local| local.strong_count() > 0);
        if let Some(local) = locals.get(&place).and_then(Weak::upgrade) {
            return local;
        }
        let local = Arc::new(Self {
            boots: Table::default(),
            creates: Bucket::default(),
            lists: Bucket::default(),
            hidden: Arc::default(),
            sweeping: AsyncMutex::default(),
        });
        locals.insert(place, Arc::downgrade(&local));
        local
    }

    /// The life of this process: a word that no other one has.
    pub(crate) fn life(&self) -> &'static str {
        static LIFE: OnceLock<String> = OnceLock::new();
        LIFE.get_or_init(|| format!("{:016x}", chance::number()))
    }

    /// This process, as its kernel knows it.
    pub(crate) fn process(&self) -> Option<&'static ProcessStamp> {
        static OWN: OnceLock<Option<ProcessStamp>> = OnceLock::new();
        OWN.get_or_init(ProcessStamp::own).as_ref()
    }
}
