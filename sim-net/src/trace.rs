//! What happened, in order, with the simulated time of it.

use std::cell::RefCell;
use std::time::Duration;

thread_local! {
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notes what happened at this simulated instant.
pub(crate) fn note(at: Duration, what: &str) {
    let line = format!("{:>12.3} ms  {what}", at.as_secs_f64() * 1e3);
    LINES.with_borrow_mut(|lines| lines.push(line));
}

/// The same on a host, now.
pub(crate) fn note_here(what: &str) {
    note(now(), what);
}

/// The simulated time on the host that asks.
pub(crate) fn now() -> Duration {
    turmoil::sim_elapsed().unwrap_or_default()
}

/// All that was noted so far.
pub(crate) fn take() -> Vec<String> {
    LINES.take()
}
