//! How a pool grows, and who goes first.

mod action;
mod counts;
mod event;
mod growth;
mod lease;
mod limits;
mod pause;
mod queue;
mod roster;
mod state;
mod timeouts;
mod timer;

pub use action::{CancelReason, PoolAction, RejectReason};
pub use counts::{PoolCounts, PoolTotals, Rejections};
pub use event::{PoolEvent, Retry, SlotAfter};
pub use limits::{InvalidLimits, MAX_CONCURRENCY, MAX_QUEUE, Placement, PoolLimits, Reuse};
pub use state::PoolState;
pub use timeouts::{
    BOOT_BACKOFF_FIRST, BOOT_BACKOFF_MAX, BOOT_TIMEOUT, CALL_TIMEOUT, CANCEL_GRACE,
    IDLE_SHUTDOWN_AFTER, KILL_TIMEOUT, PEER_LOSS_AFTER, PoolTimeouts, SHUTDOWN_TIMEOUT,
};
pub use timer::TimerReason;
