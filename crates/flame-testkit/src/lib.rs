//! For authors of flame backends and for tests of pools.
//!
//! [`conformance`] is the contract of [`Backend`](flame_core::backend::Backend) as tests, one per
//! promise. [`ScriptedBackend`] boots, fails and dies on command, for tests of what a pool makes of it;
//! [`LoopbackBackend`] starts processes on this host that call back as those on another one do.

pub mod conformance;
pub mod scripted;

mod loopback;
mod request;

pub use loopback::LoopbackBackend;
pub use request::boot_request;
pub use scripted::ScriptedBackend;
