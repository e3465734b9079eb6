//! How a pool grows, and who goes first.
//!
//! A pool has callers, who want a slot, and runners, who have some. [`PoolState`] brings the two together. It
//! is told what happens ([`PoolEvent`]), says what to do about it ([`PoolAction`]), and names the instant
//! at which it wants to be woken next. Most events only write something down; afterwards one function
//! restores every promise below, so that none is forgotten in some corner.
//!
//! # A caller
//!
//! | Where it is | It goes on when | It gets |
//! |---|---|---|
//! | comes | the queue has no room, or the pool shuts down | `RejectCaller` |
//! | waits | a slot is free and nobody came earlier | `GrantSlot` |
//! | waits | its patience ends, or no boot can succeed | `RejectCaller` |
//! | runs | its work has ended | its result, from the runner |
//! | runs | its deadline passes | `ExpireCaller`; its work is cancelled |
//! | runs | its runner is lost | `LoseCaller` |
//! | runs | the runner has not started the work | the first place in the queue again |
//! | anywhere | it leaves | nothing; its work is cancelled |
//!
//! **Every caller gets one answer.** Whatever comes later, twice, or for somebody unknown changes nothing
//! and is counted.
//!
//! **A slot follows the work, not the caller.** No clock frees it: it is free when the runner confirms that
//! the work has ended, or when the runner has. Values that a call left on its runner keep the slot.
//!
//! **A deadline is one instant**, for waiting and running together. It comes before an end at the same
//! instant.
//!
//! # How many runners
//!
//! Wanted slots = used + waiting + warm headroom. Wanted runners = wanted slots / `max_concurrency`, rounded
//! up, at least `min` and at most `max`. After every event, boots that are missing begin, and boots that are
//! not needed any more are given up. Runners that drain or are poisoned count towards `max`; instances that
//! are being destroyed do not.
//!
//! A failed boot is followed by a pause that doubles with each further failure; boots that were under way
//! together count as one. So is, from the second in a row on, the loss of a runner that has not ended a single
//! call: copies that crash as soon as they run are not booted again and again. A failed boot fails nobody who still has time, unless it cannot succeed as things are
//! configured: then whoever waits is told at once, and whoever comes later has one more try after the
//! pause. Where other runners serve, waiting goes on.
//!
//! # How a runner goes
//!
//! - **For want of work.** The pool asks (`ProposeIdle`), the runner agrees, and only then it is drained. A
//!   grant in between takes the question back, so that no call ever meets a runner on its way out.
//! - **Drained.** It finishes its work. What still runs after `shutdown_timeout` is cancelled, and lost
//!   `cancel_grace` later.
//! - **Poisoned.** Work on it ignores its cancel. It gets nothing new; its other work may go on for
//!   `shutdown_timeout`, and with nothing left that anybody wants it ends at once.
//! - **Lost**, or with a goodbye.
//!
//! However it goes, its instance is destroyed, and the backend is asked again until it confirms that.
//! [The life of one runner](crate::runner) has the whole table.

mod action;
mod counts;
mod event;
mod growth;
mod kind;
mod lease;
mod limits;
mod pause;
mod queue;
mod roster;
mod stage;
mod state;
mod timeouts;
mod timer;
mod totals;

pub use action::{CancelReason, DrainReason, PoolAction, RejectReason};
pub use counts::{DEGRADED_AFTER, KindCounts, PoolCounts};
pub use event::{PoolEvent, Retry, SlotAfter, WorkEnd};
pub use kind::CallerKind;
pub use limits::{InvalidLimits, MAX_CONCURRENCY, MAX_QUEUE, Placement, PoolLimits, Reuse};
pub use stage::{PoolStage, StageSignal};
pub use state::PoolState;
pub use timeouts::{
    BOOT_BACKOFF_FIRST, BOOT_BACKOFF_MAX, BOOT_TIMEOUT, CALL_TIMEOUT, CANCEL_GRACE,
    IDLE_SHUTDOWN_AFTER, KILL_TIMEOUT, PEER_LOSS_AFTER, PoolTimeouts, SHUTDOWN_TIMEOUT,
};
pub use timer::TimerReason;
pub use totals::{PoolTotals, Rejections};
