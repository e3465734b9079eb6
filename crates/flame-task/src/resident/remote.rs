use std::any::Any;
use std::fmt::Debug;

use crate::registry::BoxFuture;
use crate::resident::ResidentLoss;

/// A handle of a value that is on a runner, as the runtime of its parent keeps it.
#[doc(hidden)]
pub trait RemoteValue: Any + Debug + Send + Sync {
    /// The runner's number for the value.
    fn number(&self) -> u64;

    /// The runner's name.
    fn runner(&self) -> &str;

    /// Waits until the value is lost. The future holds no handle.
    fn closed(&self) -> BoxFuture<'static, ResidentLoss>;
}
