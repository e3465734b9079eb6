//! How a pool grows, and who goes first.

mod action;
mod event;
mod limits;
mod timeouts;

pub use action::{CancelReason, PoolAction, RejectReason};
pub use event::{PoolEvent, Retry, SlotAfter};
pub use limits::{InvalidLimits, Placement, PoolLimits, Reuse};
pub use timeouts::{
    BOOT_TIMEOUT, CALL_TIMEOUT, CANCEL_GRACE, IDLE_SHUTDOWN_AFTER, KILL_TIMEOUT, PEER_LOSS_AFTER,
    PoolTimeouts, SHUTDOWN_TIMEOUT,
};
