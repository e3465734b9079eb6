//! The backend against the emulator, and the contract of all backends.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod cases;
mod conformance;
mod creating;
mod destroying;
mod ending;
mod golden;
mod live;
mod lost;
mod ours;
mod refusals;
mod secrets;
mod stage;
mod sweeping;
