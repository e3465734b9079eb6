use bytes::Bytes;
use flame::{Blob, Pool};
use works::Contestant;

/// The runners of a pool; payloads are `Blob`s.
#[derive(Clone)]
pub(crate) struct Runners {
    pub(crate) pool: Pool,
    runner: u32,
}

impl Runners {
    /// Waits for the first of them.
    pub(crate) async fn of(pool: Pool) -> anyhow::Result<Self> {
        let runner = flame::call!(pool, || async move { std::process::id() }).await?;
        Ok(Self { pool, runner })
    }

    /// There are none yet, so that nobody knows their processes.
    pub(crate) fn none_yet(pool: Pool) -> Self {
        let runner = std::process::id();
        Self { pool, runner }
    }
}

impl Contestant for Runners {
    async fn add_one(&self, number: u64) -> anyhow::Result<u64> {
        Ok(flame::call!(self.pool, |number| async move { number + 1 }).await?)
    }

    async fn echo(&self, bytes: Bytes) -> anyhow::Result<Bytes> {
        let blob = Blob(bytes);
        Ok(flame::call!(self.pool, |blob| async move { blob }).await?.0)
    }

    fn runner(&self) -> u32 {
        self.runner
    }
}
