//! Short chapters on what a program with runners has to decide. Every snippet is compiled.

#[doc = include_str!("guide/channels.md")]
pub mod channels {}

#[doc = include_str!("guide/choosing_limits.md")]
pub mod choosing_limits {}

#[doc = include_str!("guide/errors.md")]
#[doc = include_str!("guide/errors_printed.md")]
pub mod errors {}

#[doc = include_str!("guide/faults.md")]
pub mod faults {}

#[doc = include_str!("guide/fly.md")]
pub mod fly {}

#[doc = include_str!("guide/logs.md")]
pub mod logs {}

#[doc = include_str!("guide/many_calls.md")]
pub mod many_calls {}

#[doc = include_str!("guide/metrics.md")]
pub mod metrics {}

#[doc = include_str!("guide/placing.md")]
pub mod placing {}

#[doc = include_str!("guide/residents.md")]
pub mod residents {}

#[doc = include_str!("guide/security.md")]
#[doc = include_str!("guide/soak.svg")]
pub mod security {}

#[doc = include_str!("guide/shutting_down.md")]
pub mod shutting_down {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/tuning.md")]
pub mod tuning {}

#[doc = include_str!("guide/watching_a_pool.md")]
pub mod watching_a_pool {}

#[doc = include_str!("guide/writing_a_backend.md")]
///
/// ```no_run
#[doc = include_str!("guide/smallest_backend.rs")]
/// ```
pub mod writing_a_backend {}
