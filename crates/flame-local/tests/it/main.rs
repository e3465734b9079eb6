//! What the backends of this host promise, with real processes.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod child_process;
mod shell;
