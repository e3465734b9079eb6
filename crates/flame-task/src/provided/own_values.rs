use std::any::{Any, TypeId, type_name};
use std::sync::Arc;

/// The values that one task was given for itself, with `task.with(value)`.
#[derive(Clone, Default)]
pub(crate) struct OwnValues {
    values: Vec<OwnValue>,
}

#[derive(Clone)]
struct OwnValue {
    type_id: TypeId,
    type_name: &'static str,
    value: Arc<dyn Any + Send + Sync>,
}

impl OwnValues {
    /// Adds a value, or replaces the one of the same type.
    pub(crate) fn put<T: Send + Sync + 'static>(&mut self, value: T) {
        let type_id = TypeId::of::<T>();
        self.values.retain(|own| own.type_id != type_id);
        self.values.push(OwnValue {
            type_id,
            type_name: type_name::<T>(),
            value: Arc::new(value),
        });
    }

    pub(crate) fn get<T: Clone + 'static>(&self) -> Option<T> {
        let own = self
            .values
            .iter()
            .find(|own| own.type_id == TypeId::of::<T>())?;
        own.value.downcast_ref::<T>().cloned()
    }

    /// The type of any one of the values, if there is one.
    pub(crate) fn any_type_name(&self) -> Option<&'static str> {
        self.values.first().map(|own| own.type_name)
    }
}
