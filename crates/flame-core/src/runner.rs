//! The life of one runner.
//!
//! A runner begins as a boot: the pool has asked the backend for an instance. When the instance calls
//! back it becomes ready and is given calls. It stops being given calls when it drains, because the pool
//! or the platform wants it gone, or when it is poisoned, because some work on it does not react to a
//! cancel. However it ends, its instance is reaped: the backend is asked to destroy it until it confirms
//! that nothing is left.
//!
//! This table is computed from [`RunnerPhase::next`]; a dash means that the news changes nothing.
//!
#![doc = include_str!("runner/phases.md")]

pub mod exit;
mod phase;

pub use phase::{RunnerPhase, RunnerSignal};
