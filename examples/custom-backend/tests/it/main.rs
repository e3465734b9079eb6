//! The backend, with a server of SSH of its own on the loopback interface.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]
#![allow(clippy::print_stderr, reason = "what is skipped must be said")]

mod conformance;
mod pool;
mod smallest;
mod sshd;
