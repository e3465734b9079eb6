//! What is known of a panic, and how it is kept from taking the runner with it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

mod caught;
mod hook;
mod report;

pub(crate) use caught::caught;
pub use hook::install_panic_hook;
pub use report::PanicReport;

/// Runs `body` and turns a panic into a report.
///
/// Unwind safety is asserted: after a panic nothing of what the task owned is used again, and what it
/// shares with others guards itself, as with a thread that panics.
pub(crate) fn catch<R>(body: impl FnOnce() -> R) -> Result<R, PanicReport> {
    install_panic_hook();
    let _watch = hook::watch(true);
    catch_unwind(AssertUnwindSafe(body)).map_err(PanicReport::of)
}

/// Runs `drop`, and ignores a panic in it: the outcome of the task is known already.
pub(crate) fn drop_quietly<T>(value: T) {
    let _watch = hook::watch(true);
    let outcome = catch_unwind(AssertUnwindSafe(|| drop(value)));
    if let Err(payload) = outcome {
        // A payload whose own destructor panics could go on for ever.
        std::mem::forget(payload);
    }
}

/// A panic on its way from one thread to another.
pub(crate) struct Carried {
    payload: Box<dyn Any + Send>,
    seen: Option<hook::Seen>,
}

/// Runs `body` on this thread for another one, whose hook was or was not watching.
pub(crate) fn carry<R>(watched: bool, body: impl FnOnce() -> R) -> Result<R, Carried> {
    let _watch = hook::watch(watched);
    catch_unwind(AssertUnwindSafe(body)).map_err(|payload| Carried {
        payload,
        seen: hook::take_seen(),
    })
}

/// Whether a panic on this thread would become a report.
pub(crate) fn is_watched() -> bool {
    hook::is_watched()
}

impl Carried {
    /// Goes on with the panic on this thread.
    pub(crate) fn resume(self) -> ! {
        hook::put_seen(self.seen);
        resume_unwind(self.payload)
    }
}
