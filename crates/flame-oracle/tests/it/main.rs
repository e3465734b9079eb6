//! Each kind of lie is found, and the truth is believed.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod files;
mod lies;
mod truth;
