use bytes::Bytes;

/// One way to have something done in another process, which stands ready.
pub trait Contestant: Clone + Send + Sync + 'static {
    /// The number after this one: the call without work.
    fn add_one(&self, number: u64) -> impl Future<Output = anyhow::Result<u64>> + Send;

    /// The same bytes, after they were there.
    fn echo(&self, bytes: Bytes) -> impl Future<Output = anyhow::Result<Bytes>> + Send;

    /// The process in which things are done.
    fn runner(&self) -> u32;
}
