//! The command, as people and scripts run it.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod command;
mod doctor;
mod fly;
