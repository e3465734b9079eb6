use std::fmt;
use std::sync::Arc;

use serde::de::{Error as _, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod leavings;
mod loss;
mod remote;
pub(crate) mod scene;
mod shelf;

pub use leavings::Leavings;
pub use loss::ResidentLoss;
pub use remote::{RemoteValue, RemoteValues};
pub use scene::with_arrived;
pub use shelf::{Shelf, Value};

/// The name of the newtype struct around the number that stands for a value.
const NAME: &str = "flame::Resident";

/// A value that stays on the runner where it was made, while its handle travels.
///
/// A task makes one with [`new`](Self::new) and returns it, alone or as a part of its result. What arrives at the parent
/// is a handle: the value itself is never copied, and need not be of a type that could travel. A later call that takes
/// the handle along, as a captured variable or an argument, runs on that runner, and finds the value there with
/// [`get`](Self::get).
///
/// **The value lives as long as a handle of it does**, and keeps its runner: that neither goes for want of work, nor
/// because it has had its one call. All values that one call has left take one slot of their runner together, until the
/// last handle of the last of them is dropped. One call at a time that needs them runs in that same slot, so a runner with
/// `max_concurrency(1)` serves its own values. Further ones take a free slot of the runner or wait for one.
///
/// **The value is lost with its runner.** [`closed`](Self::closed) tells, and a call that takes the handle of a lost value
/// along fails, without having started.
///
/// Handles are cheap to clone. They travel with tasks of the same pool only: no other serde format takes them.
///
/// ```
/// use std::collections::BTreeSet;
///
/// use flame_task::{Resident, Task, task};
///
/// # async fn run() {
/// let words = String::from("one two three");
/// let load: Task<Resident<BTreeSet<String>>> = task!(|words| {
///     Resident::new(words.split(' ').map(str::to_owned).collect())
/// });
/// // Awaited here, the value is here. From a pool comes a handle, and `get` finds the value in its later calls.
/// let dictionary = load.await;
/// assert!(dictionary.get().is_some_and(|words| words.contains("two")));
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run());
/// ```
pub struct Resident<T> {
    at: At<T>,
}

enum At<T> {
    Here(Arc<T>),
    There(Arc<dyn RemoteValue>),
}

impl<T: Send + Sync + 'static> Resident<T> {
    /// Makes a value that stays where this is called: on the runner, when a task does and returns it.
    pub fn new(value: T) -> Self {
        Self {
            at: At::Here(Arc::new(value)),
        }
    }

    /// The value, if it is in this process: in the task that made it, and in every task that took its handle along.
    pub fn get(&self) -> Option<&T> {
        match &self.at {
            At::Here(value) => Some(value),
            At::There(_) => None,
        }
    }

    /// The name of the runner that the value is on; `None` where the value is in this process.
    pub fn runner(&self) -> Option<&str> {
        match &self.at {
            At::Here(_) => None,
            At::There(remote) => Some(remote.runner()),
        }
    }

    /// Waits until the value is lost, and says how. It never is where it is in this process.
    ///
    /// Every handle is told, however often it asks. The future holds no handle, so it does not keep the value.
    pub fn closed(&self) -> impl Future<Output = ResidentLoss> + Send + 'static {
        let closed = match &self.at {
            At::Here(_) => None,
            At::There(remote) => Some(remote.closed()),
        };
        async move {
            match closed {
                Some(closed) => closed.await,
                None => std::future::pending().await,
            }
        }
    }

    /// Gives up this handle, as dropping it does. With the last one the value goes.
    pub fn release(self) {}
}

impl<T> Clone for Resident<T> {
    fn clone(&self) -> Self {
        let at = match &self.at {
            At::Here(value) => At::Here(value.clone()),
            At::There(remote) => At::There(remote.clone()),
        };
        Self { at }
    }
}

impl<T> fmt::Debug for Resident<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            At::Here(_) => f.write_str("Resident(here)"),
            At::There(remote) => write!(f, "Resident({} on {})", remote.number(), remote.runner()),
        }
    }
}

impl<T: Send + Sync + 'static> Serialize for Resident<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = match &self.at {
            At::Here(value) => scene::leave(value.clone()),
            At::There(remote) => scene::carry(remote),
        };
        let number = number.map_err(S::Error::custom)?;
        serializer.serialize_newtype_struct(NAME, &number)
    }
}

impl<'de, T: Send + Sync + 'static> Deserialize<'de> for Resident<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_newtype_struct(NAME, Number)?;
        let found = scene::find(number).map_err(D::Error::custom)?;
        let at = match found {
            scene::Found::Here(value) => At::Here(value.downcast().map_err(|_| {
                let wanted = std::any::type_name::<T>();
                D::Error::custom(format!("the value that was left here is no `{wanted}`"))
            })?),
            scene::Found::There(remote) => At::There(remote),
        };
        Ok(Self { at })
    }
}

/// Reads the number that stands for a value.
struct Number;

impl<'de> Visitor<'de> for Number {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of a value that was left on a runner")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<u64, D::Error> {
        u64::deserialize(inner)
    }
}
