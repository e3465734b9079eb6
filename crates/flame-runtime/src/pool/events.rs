//! What happens to a pool's runners, told to whoever listens.
//!
//! News are told where actions are carried out, under the pool's lock, so their order is the order of decisions.
//! Telling them never waits, and with nobody listening no event is made at all.

mod event;
mod outlet;
mod stream;
mod tell;

pub use event::Event;
pub(super) use outlet::Outlet;
pub use stream::{EVENTS_KEPT, Events};
