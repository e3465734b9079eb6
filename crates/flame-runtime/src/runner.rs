//! What a copy of the app does instead of the app's own business.
//!
//! `flame::runner()` finds out whether this process is a copy, and dials its parent while the app boots.
//! [`Runner::serve`] then takes calls until the parent, or the loss of it, ends the runner. Everything but the
//! user's tasks runs on the control thread.

mod ancestors;
mod broken_pipes;
mod core_files;
mod dial;
mod door;
mod driver;
mod execute;
mod given;
mod group;
mod home;
mod idle_check;
mod in_process;
#[cfg(feature = "layer")]
mod layer;
mod life;
mod lifeline;
mod parent;
mod serve;
mod serve_error;
mod task_span;
mod terminate;
mod test_runner;

#[cfg(feature = "layer")]
pub use layer::{EVENTS_QUEUED, TracingLayer, tracing_layer};
pub use parent::Parent;
pub use serve::Runner;
pub use serve_error::ServeError;
pub use test_runner::serve_test_runner;

pub(crate) use in_process::entry as in_process_entry;

use crate::error::StartError;
use crate::probe;

/// How many runners deep a chain of runners that start runners may be.
const DEEPEST: u32 = 3;

/// Tells whether this process is a copy of the app that was started as a runner. Call it first thing in `main`,
/// before anything reads standard input or starts a child process.
///
/// `None` in the app itself. `Some` in a runner, which should boot what its tasks need, pass it to
/// `flame::provide`, and then [`serve`](Runner::serve). It works before any async runtime; the runner begins
/// to dial its parent at once, so that this is done when the app has booted.
///
/// When `flame doctor` has started the app, this looks whether a runner can be started and called, tells the doctor,
/// and ends the process.
pub fn runner() -> Option<Runner> {
    let home = home::home();
    if home.is_none() {
        probe::answer_the_doctor();
    }
    home.map(Runner::new)
}

/// Whether this process is a runner, for code that decides how much to boot.
pub fn is_runner() -> bool {
    home::home().is_some()
}

/// How many runners deep this process is: 0 in the app itself.
pub(crate) fn depth() -> u32 {
    home::home()
        .and_then(|home| home.parent().ok())
        .map_or(0, |parent| parent.depth)
}

/// Whether this process may make calls: a runner may when it serves, and when the chain is not too long.
pub(crate) fn check_nesting() -> Result<(), StartError> {
    let Some(home) = home::home() else {
        return Ok(());
    };
    if !home.is_serving() {
        let pool = home
            .parent()
            .map_or_else(|_| String::new(), |parent| parent.pool.to_string());
        return Err(StartError::NotServing { pool });
    }
    if depth() >= DEEPEST {
        return Err(StartError::TooDeep { limit: DEEPEST });
    }
    Ok(())
}
