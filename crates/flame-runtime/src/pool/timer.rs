use std::sync::{Arc, Weak};

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::shared::Shared;

/// Tells the state of a pool that time has passed, whenever it has asked for it, as long as the pool exists.
pub(super) async fn keep(pool: Weak<Shared>, rung: Arc<Notify>) {
    loop {
        let wake = match pool.upgrade() {
            Some(pool) => pool.lock().plan(),
            None => return,
        };
        match wake {
            Some((at, reason)) => tokio::select! {
                () = rung.notified() => continue,
                () = sleep_until(Instant::from_std(at)) => tracing::trace!(?reason, "timer"),
            },
            None => {
                rung.notified().await;
                continue;
            }
        }
        if let Some(pool) = pool.upgrade() {
            pool.tick();
        }
    }
}
