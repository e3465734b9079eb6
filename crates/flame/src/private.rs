//! What macros expand to. Not for use by hand: it moves without notice.

pub use flame_runtime::serve_test_runner;
pub use flame_task::__private::*;
