//! What the test kit promises to those who test with it.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod conformance;
mod flaws;
mod scripted;
mod test_runner;
