//! What the decisions of flame promise.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "a failing test should stop at once, and a check looks at the cases it is about"
)]

mod explore;
mod late_wakeups;
mod model;
mod phases;
mod pool;
mod script;
mod sim;
mod terminator;
