//! When a runner ends itself.

mod action;
mod event;

pub use action::TerminatorAction;
pub use event::{Link, ParentLoss, TerminatorEvent};
