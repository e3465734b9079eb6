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
    #[cfg(feature = "fly")]
    FLY,
];

/// Never the backend of whoever names none: machines cost money.
#[cfg(feature = "fly")]
const FLY: &str = "fly";

/// The backend that the configuration names.
pub(crate) fn by_name(name: &str) -> Result<Arc<dyn Backend>, StartError> {
    match name {
        #[cfg(feature = "local")]
        "child_process" => Ok(Arc::new(flame_local::ChildProcess::new())),
        #[cfg(feature = "local")]
        "in_process" => Ok(Arc::new(flame_local::InProcess::new())),
        #[cfg(feature = "fly")]
        FLY => match flame_fly::FlyBackend::from_env() {
            Ok(backend) => Ok(Arc::new(backend)),
            Err(error) => Err(StartError::Backend(Arc::new(error))),
        },
        _ => Err(StartError::UnknownBackend {
            name: name.to_owned(),
            known: KNOWN.join(", "),
        }),
    }
}

/// The backend of whoever names none.
pub(crate) fn default() -> Result<Arc<dyn Backend>, StartError> {
    #[cfg(feature = "local")]
    return by_name("child_process");
    #[cfg(not(feature = "local"))]
    return Err(StartError::NoBackend);
}
