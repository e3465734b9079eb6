use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use super::Key;
use crate::resident::Leavings;
use crate::secret::Secrets;

/// What the runtime knows about a run, see the methods of [`Ctx`](crate::Ctx).
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct CtxParts {
    /// The runner's name.
    pub runner: Option<Arc<str>>,
    /// The pool's name.
    pub pool: Option<Arc<str>>,
    /// The task's name.
    pub task: &'static str,
    /// What parent and runner call it.
    pub call: Option<u64>,
    /// 1 for the first run.
    pub attempt: u32,
    /// The same for every run of one call.
    pub idempotency_key: Key,
    /// Different for every run of one call.
    pub fencing_token: Key,
    /// What the run leaves on its runner, where its parent keeps such things.
    pub leavings: Option<Arc<Leavings>>,
    /// What the pool gives its runners, if anything.
    pub secrets: Option<Arc<Secrets>>,
}

impl CtxParts {
    /// The parts of a run in this process, without a pool.
    pub(super) fn here(task: &'static str) -> Self {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        static HERE: LazyLock<Arc<str>> =
            LazyLock::new(|| format!("here-{}", std::process::id()).into());
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let key = Key::new(HERE.clone(), run);
        Self {
            runner: None,
            pool: None,
            task,
            call: None,
            attempt: 1,
            idempotency_key: key.clone(),
            fencing_token: key,
            leavings: None,
            secrets: None,
        }
    }
}
