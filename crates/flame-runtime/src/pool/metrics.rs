//! What pools tell the recorder of the `metrics` crate, with the feature of that name.
//!
//! A recorder is the user's code: it may block, and then it may neither hold up a pool's lock nor the control thread.
//! So a pool only adds up, in its [`Meter`] and under its lock, and rings. A task on a thread for that alone takes the
//! sums a moment later, and tells the recorder what has changed. The names are in `table.rs`.
//!
//! Without the feature the same types are here, empty, and what they are told is forgotten where it is said.

mod fate;
#[cfg(feature = "metrics")]
mod meter;
#[cfg(not(feature = "metrics"))]
mod off;
#[cfg(feature = "metrics")]
mod publisher;
mod refusal;
#[cfg(feature = "metrics")]
mod refusals;
#[cfg(feature = "metrics")]
mod reporter;
#[cfg(feature = "metrics")]
mod table;

pub(super) use fate::Fate;
#[cfg(feature = "metrics")]
pub(super) use meter::Meter;
#[cfg(not(feature = "metrics"))]
pub(crate) use off::Refusals;
#[cfg(not(feature = "metrics"))]
pub(super) use off::{Meter, start};
pub(crate) use refusal::Refusal;
#[cfg(feature = "metrics")]
pub(crate) use refusals::Refusals;
#[cfg(feature = "metrics")]
pub(super) use reporter::start;
