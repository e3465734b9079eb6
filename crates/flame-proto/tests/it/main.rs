//! The wire: what is said arrives, what breaks the contract is refused, what was said stays understood.
#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod bulk;
mod compat;
mod dice;
mod hello;
mod hostile;
mod parent_text;
mod roundtrip;
mod samples;
mod weight;
