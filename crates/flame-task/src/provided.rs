//! What the app has booted in this process and its tasks may ask for.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

mod inject;
mod own_values;

pub use inject::{Inject, Need};
pub(crate) use own_values::OwnValues;

type Values = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

static VALUES: RwLock<Option<Values>> = RwLock::new(None);

/// Lets the tasks of this process ask for `value` as `Provided<T>`.
///
/// Call it in `main`, before `serve()`: each copy of the app provides its own values.
///
/// # Panics
///
/// If a value of this type has been provided already. Two database pools are two newtypes.
pub fn provide<T: Clone + Send + Sync + 'static>(value: T) {
    let mut values = VALUES.write().unwrap_or_else(PoisonError::into_inner);
    let before = values
        .get_or_insert_default()
        .insert(TypeId::of::<T>(), Arc::new(value));
    drop(values);
    assert!(
        before.is_none(),
        "a value of type `{}` is already provided: to provide another one, wrap it in a newtype",
        type_name::<T>()
    );
}

/// A value that the runner's `main` has provided, as a parameter of a task.
///
/// ```
/// use flame_task::{Provided, task};
///
/// #[derive(Clone)]
/// struct Greeting {
///     word: &'static str,
/// }
///
/// flame_task::provide(Greeting { word: "hello" });
/// let name = String::from("ann");
/// let greet = task!(|name, greeting: Provided<Greeting>| format!("{} {name}", greeting.word));
/// ```
pub struct Provided<T>(pub T);

impl<T> Deref for Provided<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Provided<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is provided often holds secrets.
        write!(f, "Provided<{}>", type_name::<T>())
    }
}

/// The value of type `T` that was provided to this process.
fn find<T: Clone + 'static>() -> Option<T> {
    let values = VALUES.read().unwrap_or_else(PoisonError::into_inner);
    let value = values.as_ref()?.get(&TypeId::of::<T>())?.clone();
    // The type's own `clone` may take long, or ask for something that is provided.
    drop(values);
    value.downcast_ref::<T>().cloned()
}

/// Whether a value of this type was provided to this process.
pub(crate) fn is_provided(type_id: TypeId) -> bool {
    let values = VALUES.read().unwrap_or_else(PoisonError::into_inner);
    values
        .as_ref()
        .is_some_and(|values| values.contains_key(&type_id))
}
