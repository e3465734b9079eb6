//! Runners on this host.
//!
//! [`ChildProcess`] is the default backend: every runner is a second copy of the executable, over the
//! real wire. [`InProcess`] boots runners as tasks of this very process: for tests, and for a pool that
//! shall not leave the process.

pub mod child_process;
pub mod in_process;
pub mod test_harness;

mod end;
mod own_lifeline;

pub use child_process::ChildProcess;
pub use in_process::InProcess;
