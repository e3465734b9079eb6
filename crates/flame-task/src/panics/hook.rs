//! The panic hook, which is the only place that sees where a panic was.

use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

thread_local! {
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    static SEEN: RefCell<Option<Seen>> = const { RefCell::new(None) };
}

/// What the hook saw of the last panic on a thread.
pub(super) struct Seen {
    pub(super) message: Option<String>,
    pub(super) location: Option<String>,
    pub(super) backtrace: String,
}

/// Installs the hook that notes location and backtrace of a task's panic, once per process.
///
/// It is quiet only about panics inside of a task that runs for a pool, on the thread that runs it:
/// those are reported to the caller. Every other panic goes on to the hook that was there before.
/// Runners install it by themselves; call it again to no effect.
#[doc(hidden)]
pub fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if is_watched() {
                note(info);
            } else {
                before(info);
            }
        }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    put_seen(Some(Seen {
        message: info.payload_as_str().map(str::to_owned),
        location: info.location().map(ToString::to_string),
        backtrace: Backtrace::force_capture().to_string(),
    }));
}

/// Makes the hook note panics on this thread, or not, until the guard is dropped.
pub(super) fn watch(watched: bool) -> Watch {
    put_seen(None);
    Watch {
        before: WATCHED.replace(watched),
    }
}

pub(super) fn is_watched() -> bool {
    WATCHED.get()
}

pub(super) fn take_seen() -> Option<Seen> {
    SEEN.take()
}

pub(super) fn put_seen(seen: Option<Seen>) {
    SEEN.set(seen);
}

pub(super) struct Watch {
    before: bool,
}

impl Drop for Watch {
    fn drop(&mut self) {
        WATCHED.set(self.before);
    }
}
