//! The Machines API as values: what is sent, and what comes back.

mod create;
mod event;
mod exit_event;
mod path;
mod problem;
mod state;
mod vm;
mod word;

pub(crate) use create::{CreateBody, Guest, Restart, StopConfig, VmTemplate};
pub(crate) use exit_event::ExitEvent;
pub(crate) use path::Paths;
pub(crate) use problem::Problem;
pub(crate) use state::VmState;
pub(crate) use vm::Vm;
