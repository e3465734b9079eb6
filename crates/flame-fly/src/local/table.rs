use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flame_core::InstanceName;

use super::boot::Boot;

/// The boots of this process, by name, from the first request until it is known that their machines are gone.
#[derive(Default)]
pub(crate) struct Table(Mutex<BTreeMap<InstanceName, Arc<Boot>>>);

impl Table {
    pub(crate) fn find_or_insert(&self, name: &InstanceName) -> Arc<Boot> {
        let mut boots = self.lock();
        let boot = boots.entry(name.clone()).or_default();
        Arc::clone(boot)
    }

    pub(crate) fn get(&self, name: &InstanceName) -> Option<Arc<Boot>> {
        self.lock().get(name).cloned()
    }

    /// Forgets this boot; another one that has the name by now stays.
    pub(crate) fn remove(&self, name: &InstanceName, boot: &Arc<Boot>) {
        let mut boots = self.lock();
        if boots
            .get(name)
            .is_some_and(|found| Arc::ptr_eq(found, boot))
        {
            boots.remove(name);
        }
    }

    /// Whether a machine with this name and this nonce is one that somebody in this process looks after.
    pub(crate) fn has(&self, name: &str, nonce: &str) -> bool {
        let boots = self.lock();
        boots
            .iter()
            .any(|(known, boot)| known.as_str() == name && boot.nonce() == nonce)
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<InstanceName, Arc<Boot>>> {
        // Every change is a single step, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
