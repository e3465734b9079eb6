use flame::{PoolSnapshot, RunnerSnapshot};
use serde::Serialize;

use crate::Picture;

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct View {
    pub(crate) pool: PoolView,
    pub(crate) pictures: Vec<Picture>,
}

/// The pool at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct PoolView {
    /// Pictures that wait for a runner.
    queued: usize,
    /// Pictures that are being worked on.
    running: usize,
    runners: Vec<RunnerView>,
}

/// One runner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct RunnerView {
    name: String,
    /// How its backend calls it, as in `pid 4711`, where that is known.
    instance: Option<String>,
    is_up: bool,
    running: usize,
}

impl PoolView {
    /// Whether nothing changes unless somebody says so.
    pub(crate) fn is_quiet(&self) -> bool {
        self.queued == 0 && self.runners.is_empty()
    }
}

impl From<PoolSnapshot> for PoolView {
    fn from(pool: PoolSnapshot) -> Self {
        Self {
            queued: pool.counts.queued,
            running: pool.counts.running,
            runners: pool.runners.into_iter().map(RunnerView::from).collect(),
        }
    }
}

impl From<RunnerSnapshot> for RunnerView {
    fn from(runner: RunnerSnapshot) -> Self {
        Self {
            name: runner.id.to_string(),
            instance: runner.provider_id,
            is_up: runner.attached,
            running: runner.running,
        }
    }
}
