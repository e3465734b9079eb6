//! Backends by name: the only place in this crate that knows which there are.

use std::sync::Arc;

use flame_core::backend::Backend;

use crate::error::StartError;

/// The names that this build knows, for error messages.
const KNOWN: &[&str] = &[
    #[cfg(feature = "local")]
    "child_process",
    #[cfg(feature = "local")]
    "in_process",
];

/// The backend that the configuration names.
pub(crate) fn by_name(name: &str) -> Result<Arc<dyn Backend>, StartError> {
    match name {
        #[cfg(feature = "local")]
        "child_process" => Ok(Arc::new(flame_local::ChildProcess::new())),
        #[cfg(feature = "local")]
        "in_process" => Ok(Arc::new(flame_local::InProcess::new())),
        _ => Err(StartError::UnknownBackend {
            name: name.to_owned(),
            known: KNOWN.join(", "),
        }),
    }
}

/// The backend of whoever names none.
pub(crate) fn default() -> Result<Arc<dyn Backend>, StartError> {
    match KNOWN.first() {
        Some(name) => by_name(name),
        None => Err(StartError::NoBackend),
    }
}
