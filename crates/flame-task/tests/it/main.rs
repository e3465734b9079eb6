//! What a task does, here and on a runner, told through the same door that the runtime uses.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

/// The library, as `#[remote(crate = crate::flame)]` finds it: the facade has these names and more.
mod flame {
    pub(crate) use flame_task::{__private, Task};
}

mod blobs;
mod build;
mod captures;
mod channels;
mod context;
mod generic;
mod here;
mod identity;
mod never_used;
mod outputs;
mod panics;
mod provided;
mod remote;
mod residents;
mod runner;
