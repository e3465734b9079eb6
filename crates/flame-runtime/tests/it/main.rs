//! Pools whose backend does what it is told, under paused time: a minute takes no time.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod addresses;
mod boots;
mod casts;
mod changes;
mod endings;
mod events;
mod garbage;
mod hooks;
mod impostors;
mod losses;
mod maps;
#[cfg(feature = "metrics")]
mod metrics;
mod post_mortems;
mod replay;
mod residents;
mod retries;
mod secrets;
mod shutdowns;
mod tending;
#[cfg(feature = "otel")]
mod traces;
mod vanishing;
mod waiting;
mod windows;

use std::sync::Arc;
use std::time::Duration;

use flame_core::PoolName;
use flame_runtime::{Pool, PoolBuilder};
use flame_task::{Ctx, Task, task};
use flame_testkit::ScriptedBackend;

/// A pool on the test's own clock, with the backend that the test holds too.
fn pool(backend: &Arc<ScriptedBackend>) -> PoolBuilder {
    let name: PoolName = "scripted".parse().unwrap();
    Pool::builder(name.as_str())
        .max(1)
        .backend(backend.clone())
        .on_current_runtime()
        .idle_shutdown_after(Duration::from_secs(3600))
        .timeout(Duration::from_secs(60))
}

/// Adds up, at once.
fn add(a: u32, b: u32) -> Task<u32> {
    task!(|a, b| async move { a + b })
}

/// Takes this long.
fn takes(millis: u64) -> Task<u64> {
    task!(|millis| async move {
        tokio::time::sleep(Duration::from_millis(millis)).await;
        millis
    })
}

/// Runs until it is cancelled, and then as long again as it is told.
fn lingers() -> Task<()> {
    task!(|cx: Ctx| async move { cx.cancelled().await })
}

/// Lets everything happen that can happen without time passing.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}
