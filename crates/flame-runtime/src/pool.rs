//! A running pool: the pure state behind one short lock, and what carries out its actions.
//!
//! Whoever has news (a caller, a session, a boot, the clock) takes the lock, tells the state, carries out the
//! actions that come of it, and lets go. No action waits: frames go into an outbox, answers into a oneshot,
//! boots into a task. The order of actions is therefore the order of decisions.

mod actor;
mod boot;
mod builder;
mod call;
mod cast;
mod effects;
mod ending;
mod env;
mod events;
mod frames;
mod handle;
mod hooks;
mod lifecycle;
mod listener;
mod locked;
mod map;
mod metrics;
mod options;
mod output;
mod pending;
mod place;
mod placed_task;
mod records;
mod residents;
mod settings;
mod shared;
mod snapshot;
mod tend;
mod ticket;
mod timer;
mod unheard;

pub use actor::{Actor, AskError, Mailbox, Placed, Reply};
pub use builder::PoolBuilder;
pub use call::Call;
pub use cast::{CastHandle, CastOptions};
pub use env::RunnerEnv;
pub use events::{EVENTS_KEPT, Event, Events};
pub use handle::Pool;
pub use hooks::{Growth, GrowthEnd, GrowthOutcome, HOOKS_QUEUED, Shrink};
pub use map::Map;
pub use options::PoolOptions;
pub use output::OUTPUT_PER_SECOND;
pub use place::PlaceOptions;
pub use placed_task::PlacedTask;
pub use snapshot::{PoolSnapshot, RunnerSnapshot};
pub use unheard::CastFailure;

pub(crate) use metrics::{Refusal, Refusals};
pub(crate) use shared::Shared;
