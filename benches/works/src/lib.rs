//! What is measured: the same loops for everybody, and how a result is told.
//!
//! A *contestant* is one way to have something done in another process. Its program runs some of the works A to I
//! and prints one line for each number, a key and a value; `measure` runs the programs and compares.

mod blocking;
mod burst;
mod cold;
mod concurrent;
mod contestant;
mod cpu;
mod deed;
mod kind;
mod large;
mod latencies;
mod meeting;
mod memory;
mod mixed;
mod plan;
mod queued;
mod tell;
mod warm;

pub use blocking::{BlockingContestant, blocking};
pub use burst::{RUNNERS, burst};
pub use cold::cold;
pub use concurrent::concurrent;
pub use contestant::Contestant;
pub use cpu::CpuTime;
pub use deed::Deed;
pub use kind::Work;
pub use large::{SIZES, large, sample, size_name};
pub use latencies::Latencies;
pub use meeting::{Meeting, meet};
pub use memory::{Memory, descriptors, footprint};
pub use mixed::mixed;
pub use plan::Plan;
pub use queued::{CALLS, IN_FLIGHT, queued};
pub use tell::tell;
pub use warm::warm;
