//! What the emulator answers, asked by a client that knows nothing but HTTP.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod booting;
mod client;
mod creating;
mod ending;
mod events;
mod faults;
mod journal;
mod leases;
mod listing;
mod metadata;
mod platform;
mod program;
mod rates;
mod refusals;
mod sizes;
mod stage;
mod waiting;

use client::Client;
use stage::{IMAGE, Stage, TOKEN};
