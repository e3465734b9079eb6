use serde::Deserialize;

/// What the page of the service shows.
#[derive(Debug, Deserialize)]
pub(super) struct View {
    pub(super) pool: PoolView,
    pub(super) pictures: Vec<Picture>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PoolView {
    pub(super) runners: Vec<RunnerView>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RunnerView {
    instance: Option<String>,
    running: usize,
}

/// What the service says of a picture.
#[derive(Debug, Deserialize)]
pub(super) struct Picture {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) state: String,
    pub(super) reason: Option<String>,
    pub(super) process: Option<u32>,
    pub(super) attempt: Option<u32>,
}

impl View {
    /// The process that is at work.
    pub(super) fn at_work(&self) -> Option<u32> {
        let runner = self.pool.runners.iter().find(|runner| runner.running > 0)?;
        runner
            .instance
            .as_deref()?
            .strip_prefix("pid ")?
            .parse()
            .ok()
    }
}
