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
//! | comes | the queue has no room, or the pool is to end | `RejectCaller` |
//! | waits | a slot is free and nobody came earlier | `GrantSlot` |
//! | waits | its patience ends, or no boot can succeed | `RejectCaller` |
//! | waits | the values that it needs are gone | `RejectCaller` |
//! | runs | its work has ended | its result, from the runner |
//! | runs | its deadline passes | `ExpireCaller`; its work is cancelled |
//! | runs | its runner is lost | `LoseCaller` |
//! | runs | its runner is lost, and its work may begin again | its place in the queue again |
//! | runs | the runner has not started the work | its place in the queue again |
//! | runs | the pool's patience with it is over, or the pool is killed | `CancelCall` for `PoolShutdown` |
//! | anywhere | it leaves | nothing; its work is cancelled |
//!
//! **Every caller gets one answer.** Whatever comes later, twice, or for somebody unknown changes nothing
//! and is counted. [`PoolCounts`] shows it for each kind of caller at every moment.
//!
//! **Whoever waits has been let in for good.** The queue's limit is for newcomers; those whose work came back, or is
//! to begin again, stand before all who came after them, and take no room from newcomers.
//!
//! **A slot follows the work, not the caller.** No clock frees it: it is free when the runner confirms that
//! the work has ended, or when the runner has. Values that a call left on its runner keep the slot.
//!
//! **A deadline is one instant**, for waiting and running together, and for every try. It comes before an end at the
//! same instant. The patience for the queue is over with the first slot, unless that was given back.
//!
//! **Work begins again only if its caller said so**, so many times, and only after its runner was lost while nobody
//! had told it to end. From then on its caller cannot be told that nothing was started: if it comes to no other try
//! that ends, it hears of the loss.
//!
//! # Values that calls leave
//!
//! A call may leave values on its runner. They keep its slot until they are released or their runner ends; a runner with
//! values is neither idle nor used up.
//!
//! **Whoever needs values goes to them.** A caller that is pinned to them can run on their runner alone. One call at a
//! time runs in the slot that the values keep, so a runner with a single slot serves them as well; another one takes a
//! free slot beside it. Where it could have the same slot as somebody else, whoever came first has it. Otherwise it
//! waits in a queue of its own, which has as much room as that of the pool.
//!
//! **It boots nothing**, since no other runner would help it, and no failed boot concerns it. When the values are gone,
//! or their runner takes no calls any more, it is told so, and nothing of it was started. Its work does not begin again
//! elsewhere.
//!
//! **What is left in a slot stays in that slot.** Values that such a call leaves share the slot that it ran in. A call that
//! outlives the values in its slot has the slot to itself.
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
//! call: copies that crash as soon as they run are not booted again and again. A failed boot fails nobody who
//! still has time, unless it cannot succeed as things are configured: then whoever waits is told at once, and
//! whoever comes later has one more try after the pause. Where other runners serve, waiting goes on.
//!
//! # When the limits change
//!
//! `LimitsChanged` holds from its instant on. Deadlines that are set keep their instants; how long a runner has been
//! idle, or has not answered, is measured by the new limits at once.
//!
//! | What changes | What happens |
//! |---|---|
//! | `min` rises | what is missing boots at once |
//! | `max` falls | boots are given up, then the runners with the least work are drained |
//! | `max_concurrency` rises | runners are told, and then granted more |
//! | `max_concurrency` falls | nothing is revoked; a runner with more work counts as full, and is granted nothing until it has less |
//! | `max_queue` falls | newcomers are refused, and nobody else |
//! | runners become single-use | those that were used go after their work |
//!
//! **There are never more runners and boots than `max`**, except for those that are on their way out when it falls:
//! while they are, nothing boots. What runs on a runner that has to go has `shutdown_timeout` to end.
//!
//! Runners with a session are told (`TellLimits`) when something changes that they have to know, before they are
//! granted anything by it.
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
//!
//! # How a pool ends
//!
//! - **Drained.** Newcomers are rejected. Whoever waits or runs is served as before: the pool grows for them, and
//!   begins their work again. Nothing is kept for `min` or `warm`, and a runner that falls idle goes at once. When
//!   nobody waits or is awaited any more, or at `until`, the pool shuts down. A second drain can only end sooner.
//! - **Shut down.** Whoever waits is rejected, boots are given up, and every runner is drained. What still runs after
//!   `shutdown_timeout` is cancelled, which is its caller's answer.
//! - **Killed.** Whoever waits is rejected, whoever runs is told that its work was cancelled, and every instance is
//!   destroyed at once. Callers that were running count as cancelled, and values as lost.
//!
//! The pool has ended when its last instance is gone. This table is computed from [`PoolStage::next`]; a dash means
//! that the news changes nothing.
//!
#![doc = include_str!("pool/stages.md")]

mod action;
mod counts;
mod event;
mod growth;
mod kind;
mod lease;
mod limits;
mod pause;
mod pins;
mod queue;
mod roster;
mod silence;
mod stage;
mod state;
mod surplus;
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
    BOOT_BACKOFF_FIRST, BOOT_BACKOFF_MAX, BOOT_LINGER, BOOT_TIMEOUT, CALL_TIMEOUT, CANCEL_GRACE,
    IDLE_SHUTDOWN_AFTER, KILL_TIMEOUT, PEER_LOSS_AFTER, PoolTimeouts, SHUTDOWN_TIMEOUT,
};
pub use timer::TimerReason;
pub use totals::{PoolTotals, Rejections};
