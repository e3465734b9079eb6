use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::resident::Leavings;

/// What the runtime knows about a run, see the methods of [`Ctx`](crate::Ctx).
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct CtxParts {
    /// The runner's name.
    pub runner: Option<String>,
    /// The pool's name.
    pub pool: Option<String>,
    /// The task's name.
    pub task: &'static str,
    /// What parent and runner call it.
    pub call: Option<u64>,
    /// 1 for the first run.
    pub attempt: u32,
    /// The same for every run of one call.
    pub idempotency_key: String,
    /// Different for every run of one call.
    pub fencing_token: String,
    /// What the run leaves on its runner, where its parent keeps such things.
    pub leavings: Option<Arc<Leavings>>,
}

impl CtxParts {
    /// The parts of a run in this process, without a pool.
    pub(super) fn here(task: &'static str) -> Self {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let token = format!("here-{}-{run}", std::process::id());
        Self {
            runner: None,
            pool: None,
            task,
            call: None,
            attempt: 1,
            idempotency_key: token.clone(),
            fencing_token: token,
            leavings: None,
        }
    }
}
