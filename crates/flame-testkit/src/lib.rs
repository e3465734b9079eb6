//! For authors of flame backends and for tests of pools.
//!
//! [`conformance`] is the contract of [`Backend`](flame_core::backend::Backend) as tests, one per
//! promise. [`ScriptedBackend`] boots, fails and dies on command, for tests of what a pool makes of it.

pub mod conformance;
pub mod scripted;

mod request;

pub use request::boot_request;
pub use scripted::ScriptedBackend;
