//! The driver of flame: what runs the decisions of `flame-core` on tokio.
//!
//! In the parent, a [`Pool`] keeps a pure state behind a short lock and carries out its actions: it boots
//! instances through a backend, speaks with runners over sessions, and answers callers. In a runner,
//! [`Runner::serve`] does the same around the terminator, and runs the tasks.
//!
//! Users depend on the facade, `flame`; this crate moves with it.

mod backends;
mod config;
mod error;
mod link;
mod parent;
mod pool;
mod probe;
mod runner;
mod termination;
mod threads;
mod trace;

pub use error::{
    BootCause, BootFailure, CallError, LossReason, Outcome, ResidentError, RunnerLost, StartError,
};
#[doc(hidden)]
pub use link::{Connection, Listener, Net};
pub use pool::{
    Actor, AskError, Call, CastFailure, CastHandle, CastOptions, EVENTS_KEPT, Event, Events,
    Growth, GrowthEnd, GrowthOutcome, HOOKS_QUEUED, Mailbox, Map, OUTPUT_PER_SECOND, PlaceOptions,
    Placed, PlacedTask, Pool, PoolBuilder, PoolOptions, PoolSnapshot, Reply, RunnerEnv,
    RunnerSnapshot, Shrink,
};
#[cfg(feature = "layer")]
pub use runner::{EVENTS_QUEUED, TracingLayer, tracing_layer};
pub use runner::{Parent, Runner, ServeError, is_runner, runner, serve_test_runner};
pub use termination::termination;
