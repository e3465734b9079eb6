//! The contract of [`Backend`](flame_core::backend::Backend), one function per promise.
//!
//! A backend's author runs all of them with one line in `tests/it/main.rs`:
//!
//! ```
//! # use flame_local::InProcess;
//! flame_testkit::conformance_tests!(InProcess::new());
//! ```
//!
//! The expression is evaluated anew for every test. Promises that a backend cannot keep (a provider
//! that does not tell exit codes) are left out by writing the tests by hand, with [`run`] around the
//! functions that remain.
//!
//! # The instance
//!
//! What a backend starts must do what the suite asks of it, which it learns from its environment. Its
//! program is one line: `fn main() { flame_testkit::conformance::act_if_told() }`, or that call at the
//! start of a program that exists anyway. A backend with
//! [`Reach::SameProcess`](flame_core::backend::Reach) needs none; it runs
//! [`BootRequest::entry`](flame_core::backend::BootRequest::entry).
//!
//! # The witness
//!
//! The suite does not believe what a backend says of its instances: they connect to the suite over TCP,
//! and a connection that ends is the proof that its instance is dead. Instances elsewhere need an
//! address of this host: set `FLAME_CONFORMANCE_HOST` to a name or address under which they reach it;
//! without it, the loopback address is used.

mod act;
mod promises;
mod witness;

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task_local;
use tokio::time::timeout;

pub use act::act_if_told;
pub use promises::*;

/// How long the suite waits for what must happen at a provider, unless [`run_within`] says otherwise.
/// It bounds a failure, not a success.
pub const PATIENCE: Duration = Duration::from_secs(60);

task_local! {
    static CURRENT_PATIENCE: Duration;
}

/// Runs one promise on a runtime of its own, with real time.
pub fn run(promise: impl Future<Output = ()>) {
    run_within(PATIENCE, promise);
}

/// The same with another patience, which is how long each single thing may take.
#[expect(
    clippy::missing_panics_doc,
    reason = "panics as every failing test does"
)]
pub fn run_within(patience: Duration, promise: impl Future<Output = ()>) {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime could not be started")
        .block_on(CURRENT_PATIENCE.scope(patience, promise));
}

/// Waits for what must happen.
async fn within_patience<T>(what: &str, happens: impl Future<Output = T>) -> T {
    let patience = CURRENT_PATIENCE.try_with(|it| *it).unwrap_or(PATIENCE);
    match timeout(patience, happens).await {
        Ok(outcome) => outcome,
        Err(_) => panic!("{what}: not within {patience:?}"),
    }
}

/// Writes one test for each promise of [`Backend`](flame_core::backend::Backend); see
/// [`conformance`](crate::conformance).
#[macro_export]
macro_rules! conformance_tests {
    ($backend:expr) => {
        $crate::conformance_tests!($backend;
            create_answers_with_an_id,
            create_for_the_same_name_makes_no_second_instance,
            destroy_ends_the_instance,
            destroy_may_be_repeated,
            destroy_of_a_name_that_never_was_is_ok,
            ended_tells_the_exit_code,
            ended_tells_the_signal,
            a_dropped_create_leaves_nothing_after_destroy,
            list_shows_what_carries_the_label,
            env_arrives_untouched,
            debug_shows_no_secret,
        );
    };
    ($backend:expr; $($promise:ident),+ $(,)?) => {
        $(
            #[test]
            fn $promise() {
                $crate::conformance::run(async {
                    $crate::conformance::$promise(&$backend).await;
                });
            }
        )+
    };
}
