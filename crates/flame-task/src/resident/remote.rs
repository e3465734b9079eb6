use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

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

/// Handles, of which there are seldom any, so that having none takes little room: many calls may wait at a time.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
#[expect(clippy::box_collection, reason = "a pointer is smaller than a vector")]
pub struct RemoteValues(Option<Box<Vec<Arc<dyn RemoteValue>>>>);

impl RemoteValues {
    /// All of them.
    pub fn as_slice(&self) -> &[Arc<dyn RemoteValue>] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl FromIterator<Arc<dyn RemoteValue>> for RemoteValues {
    fn from_iter<I: IntoIterator<Item = Arc<dyn RemoteValue>>>(values: I) -> Self {
        let values: Vec<_> = values.into_iter().collect();
        Self((!values.is_empty()).then(|| Box::new(values)))
    }
}
