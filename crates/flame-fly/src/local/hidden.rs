use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::config::blot_out;

/// What machines are told, for as long as they may exist: a server may repeat it in the answer to any request, and it must
/// be in no error and in no log.
#[derive(Default)]
pub(crate) struct Hidden(Mutex<BTreeMap<String, Variables>>);

/// The variables of one machine.
type Variables = BTreeMap<String, String>;

impl Hidden {
    /// Hides the variables of the machine with this name.
    pub(crate) fn add(&self, name: &str, env: &Variables) {
        self.lock().insert(name.to_owned(), env.clone());
    }

    /// Nobody can repeat what this one was told.
    pub(crate) fn remove(&self, name: &str) {
        self.lock().remove(name);
    }

    /// Takes everything hidden out of a text.
    pub(crate) fn blot_out(&self, text: &str) -> String {
        let all = self.lock();
        all.values()
            .fold(text.to_owned(), |text, env| blot_out(env, &text))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Variables>> {
        // Every change is a single step, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
