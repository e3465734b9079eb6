//! When a runner ends itself.
//!
//! A runner costs money and holds secrets, so it must never outlive its purpose, whatever happens to its
//! parent, to the network or to the work it runs. [`TerminatorState`] is the part of it that sees to
//! that. It is driven like the pool's state: one event, all actions, then sleep until `poll_timeout`.
//!
//! A runner ends in one of these ways:
//!
//! | What happens | What the runner does | Exit code |
//! |---|---|---|
//! | Its parent does not welcome it in time | stops | [`ATTACH_TIMEOUT`](crate::runner::exit::ATTACH_TIMEOUT) |
//! | Its parent refuses it | stops | [`REFUSED`](crate::runner::exit::REFUSED) |
//! | It is told to drain | finishes its work, cancels it when the time is over, says goodbye | [`DONE`](crate::runner::exit::DONE) |
//! | Its parent is lost | cancels linked work at once, detached work after `shutdown_timeout` | [`PARENT_LOST`](crate::runner::exit::PARENT_LOST) |
//!
//! **Cancelled work has `cancel_grace` to end.** If it does not, a runner that drains says goodbye
//! nevertheless, and a runner without a parent exits on the spot: nobody else is left to end it.
//!
//! **Stopping is checked too.** After [`Stop`](TerminatorAction::Stop) the driver lets `serve()` return
//! and goes on to call `handle_timeout`; when the process is still there `cancel_grace` (at least a second) later, because
//! the user's `main` hangs, it gets [`ExitProcess`](TerminatorAction::ExitProcess). A driver whose
//! process should live on, as with a runner inside the parent's process, drops the state at `Stop`.
//!
//! **Values left by calls do not hold up a drain.** They could only be used by further calls, which a
//! draining runner does not take.
//!
//! **Only the parent decides to let an idle runner go.** It asks; the runner says yes when it has no work and no
//! values of calls, and when the user's own check, if there is one, agrees. The check takes time: a call that
//! comes while it runs makes the answer no at once, as does a drain or the loss of the parent. Every question
//! gets one answer.
//!
//! **Settings may change** while a runner lives. Instants that are set already stay, and work that runs beyond a
//! lowered `max_concurrency` goes on.
//!
//! How the loss of the parent is noticed is the driver's part.

mod action;
mod event;
mod idle;
mod settings;
mod state;
mod timer;
mod work;

pub use action::TerminatorAction;
pub use event::{Link, ParentLoss, TerminatorEvent};
pub use settings::TerminatorSettings;
pub use state::TerminatorState;
pub use timer::TimerReason;
