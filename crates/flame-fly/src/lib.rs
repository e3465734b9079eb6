//! Runners on Fly.io.
//!
//! [`FlyBackend`] boots each runner as a Fly Machine of its own, from the image that this process was deployed
//! with. It speaks the Machines API over HTTPS, and needs a token that may create machines in one app.
//!
//! ```no_run
//! use flame_fly::{FlyBackend, FlyConfig};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // From what Fly says in the environment, `[fly]` in flame.toml, and FLAME_FLY__* variables.
//! let backend = FlyBackend::from_env()?;
//!
//! // The same, with something said in code.
//! let backend = FlyBackend::new(FlyConfig {
//!     cpus: Some(8),
//!     region: Some("iad,us,any".into()),
//!     ..FlyConfig::load()?
//! })?;
//! # let _ = backend;
//! # Ok(())
//! # }
//! ```
//!
//! # What can go wrong, and what becomes of it
//!
//! An answer may be lost after a machine was created. So each has a name that is chosen before, and a nonce in
//! its metadata: the same request is sent again, a name that is taken leads to the machine, and the nonce says
//! whose it is. What is never heard of is looked for when it is destroyed, and by a sweep that
//! [`tend`](flame_core::backend::Backend::tend) makes at the start and once a minute. The sweep also ends what
//! earlier lives of this process and parents that are gone have left behind, and nothing else.
//!
//! # How this was checked
//!
//! Against the published schema of the API, recorded answers, and an emulator. Not against fly.io.

mod answers;
mod api;
mod backend;
mod chance;
mod classify;
mod client;
mod config;
mod error;
mod local;
mod marks;
mod process;
mod reap;
mod secret;

#[doc(hidden)]
pub use answers::Answers;
pub use backend::FlyBackend;
pub use config::{
    CPU_KIND, ConfigError, CpuKind, EnvError, FlyConfig, Init, MEMORY_MB, Mount, REAP_EVERY,
    REQUEST_TIMEOUT, STOP_TIMEOUT,
};
pub use error::{FlyError, Said};
pub use reap::{FlyFleet, FlyListed};
pub use secret::Secret;
