use bytes::Bytes;
use works::Contestant;

use crate::runners::Runners;

/// The runners of a pool; payloads are vectors, as they come.
#[derive(Clone)]
pub(crate) struct Vecs(pub(crate) Runners);

impl Contestant for Vecs {
    async fn add_one(&self, number: u64) -> anyhow::Result<u64> {
        self.0.add_one(number).await
    }

    async fn echo(&self, bytes: Bytes) -> anyhow::Result<Bytes> {
        let bytes = bytes.to_vec();
        let echoed = flame::call!(self.0.pool, |bytes| async move { bytes }).await?;
        Ok(echoed.into())
    }

    fn runner(&self) -> u32 {
        self.0.runner()
    }
}
