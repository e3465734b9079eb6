//! Calls between real processes: each pool here boots copies of this test binary.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a failing test should stop at once, and say why"
)]

mod calls;
mod casts;
mod channels;
mod children;
mod crowd;
mod deaths;
mod drops;
mod errors;
mod events;
mod faults;
mod fly;
mod idle_check;
mod liveness;
mod lives;
mod log;
mod logs;
mod logs_of_calls;
mod marks;
#[cfg(feature = "metrics")]
mod metrics;
mod nested;
mod network;
mod payloads;
mod placed;
mod processes;
mod progress;
mod recorded;
mod residents;
mod scenarios;
mod secrets;
mod storm;
mod tasks;

flame::test_runner!(async {
    log::tell_the_parent();
    scenarios::hang_if_told().await;
    secrets::ask().await;
    flame::provide(tasks::Greeting("hello".to_owned()));
});
