//! The decisions of flame, without any input or output.
//!
//! Two state machines live here: [`PoolState`](pool::PoolState) in the parent decides who runs where
//! and how many runners there are; [`TerminatorState`](terminator::TerminatorState) in a runner
//! decides when that runner ends. Both are driven in the same three steps:
//!
//! 1. tell it **one** event with `handle_event(event, now)`, or that time has passed with
//!    `handle_timeout(now)`;
//! 2. carry out **every** action that `poll_action()` returns, until it returns `None`;
//! 3. sleep until the instant that `poll_timeout()` names, or until the next event.
//!
//! Nothing here knows the time, starts a task, draws a random number or walks a hash map. The same
//! events at the same instants give the same actions, which is what makes a life repeatable from its
//! seed.
//!
//! ```
//! use std::time::Instant;
//!
//! use flame_core::pool::{CallerKind, PoolAction, PoolEvent, PoolLimits, PoolState, PoolTimeouts};
//! use flame_core::{CallerId, RunnerId};
//!
//! let mut pool = PoolState::new(PoolLimits::new(10)?, PoolTimeouts::default(), 0);
//! let (caller, runner, now) = (CallerId(0), RunnerId(0), Instant::now());
//!
//! // Somebody wants a slot, and there is no runner yet.
//! let event = PoolEvent::CheckoutRequested {
//!     caller,
//!     kind: CallerKind::Call,
//!     deadline: None,
//!     queue_deadline: None,
//!     retries: 0,
//!     pin: None,
//! };
//! pool.handle_event(event, now);
//! assert_eq!(pool.poll_action(), Some(PoolAction::BootInstance { runner }));
//! assert_eq!(pool.poll_action(), None);
//!
//! // The instance calls back, and gets the work.
//! pool.handle_event(PoolEvent::RunnerAttached { runner }, now);
//! assert_eq!(pool.poll_action(), Some(PoolAction::WelcomeRunner { runner }));
//! assert_eq!(pool.poll_action(), Some(PoolAction::GrantSlot { caller, runner }));
//! # Ok::<(), flame_core::pool::InvalidLimits>(())
//! ```
//!
//! Only [`backend`] is a stable interface for other crates; the rest moves with the runtime.

pub mod backend;
pub mod backoff;
pub mod id;
pub mod pool;
pub mod quota;
pub mod runner;
pub mod terminator;

pub use id::{
    CallId, CallerId, InstanceName, InvalidInstanceName, InvalidPoolName, PoolName, RunnerId,
};
