//! What the backends of this host promise, with real processes.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod alone;
mod child_process;
mod conformance;
mod fifo;
mod groups;
mod in_process;
mod lifeline;
mod output;
mod resources;
mod shell;
mod test_runner;
