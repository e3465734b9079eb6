//! The contract of [`Backend`](flame_core::backend::Backend), one function per promise.
//!
//! A backend's author runs all of them with one line in `tests/it/main.rs`:
//!
//! ```
//! # use flame_local::InProcess;
//! flame_testkit::conformance_tests!(InProcess::new());
//! ```
//!
//! The expression is evaluated anew for every test. Promises that a backend cannot keep are left out, and a
//! provider that takes its time is given it:
//!
//! ```
//! # use std::time::Duration;
//! # use flame_local::InProcess;
//! flame_testkit::conformance_tests!(
//!     InProcess::new();
//!     patience = Duration::from_secs(300);
//!     except = [ended_tells_the_exit_code, ended_tells_the_signal]
//! );
//! ```
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
///
/// | line | writes tests for |
/// |---|---|
/// | `conformance_tests!(backend)` | all promises |
/// | `conformance_tests!(backend; except = [promise, …])` | all others |
/// | `conformance_tests!(backend; promise, …)` | these alone |
///
/// `patience = duration;` after `backend;` says how long each single thing may take; without it, that is
/// [`PATIENCE`](crate::conformance::PATIENCE).
#[macro_export]
macro_rules! conformance_tests {
    ($backend:expr $(; patience = $patience:expr)? $(;)?) => {
        $crate::conformance_tests!($backend; $(patience = $patience;)? except = []);
    };
    ($backend:expr; except = [$($left_out:ident),* $(,)?]) => {
        $crate::conformance_tests!(
            $backend; patience = $crate::conformance::PATIENCE; except = [$($left_out),*]
        );
    };
    ($backend:expr; patience = $patience:expr; except = [$($left_out:ident),* $(,)?]) => {
        $crate::__conformance_tests!(
            ($) $backend; $patience; [$($left_out)*];
            create_answers_with_an_id
            create_for_the_same_name_makes_no_second_instance
            a_dropped_create_leaves_nothing_after_destroy
            a_create_that_fails_leaves_nothing
            destroy_ends_the_instance
            destroy_may_be_repeated
            destroy_of_a_name_that_never_was_is_ok
            destroy_right_after_create_is_final
            destroy_spares_the_others
            ended_tells_a_dead_boot_from_a_slow_one
            ended_tells_the_exit_code
            ended_tells_the_signal
            list_shows_what_carries_the_label
            env_arrives_untouched
            parent_text_arrives_untouched
            parent_text_is_on_no_command_line
            debug_shows_no_secret
            parent_address_is_usable
            tend_may_be_dropped_at_any_await
        );
    };
    ($backend:expr; patience = $patience:expr; $($promise:ident),+ $(,)?) => {
        $crate::__conformance_tests!(($) $backend; $patience; []; $($promise)+);
    };
    ($backend:expr; $($promise:ident),+ $(,)?) => {
        $crate::conformance_tests!(
            $backend; patience = $crate::conformance::PATIENCE; $($promise),+
        );
    };
}

/// One test for each of the promises that are not left out. Names can only be compared by a macro that has
/// them in its patterns, and `$` comes from outside because it is to be written into that macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    (($d:tt) $backend:expr; $patience:expr; [$($left_out:ident)*]; $($promise:ident)+) => {
        // A name that is no promise is a mistake.
        $(const _: () = { use $crate::conformance::$left_out as _; };)*

        macro_rules! __promise {
            $(($left_out) => {};)*
            ($d promise:ident) => {
                #[test]
                fn $d promise() {
                    $crate::conformance::run_within($patience, async {
                        $crate::conformance::$d promise(&$backend).await;
                    });
                }
            };
        }
        $(__promise!($promise);)+
    };
}
