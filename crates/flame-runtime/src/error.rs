//! How calls fail, and what is known of the work when they do.

mod boot;
mod call;
mod ended;
mod lost;
mod resident;
mod start;
#[cfg(test)]
mod tests;

pub use boot::{BootCause, BootFailure};
pub use call::{CallError, Outcome};
pub use lost::{LossReason, RunnerLost};
pub use resident::ResidentError;
pub use start::StartError;
