use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::time::Duration;

use flame_core::PoolName;
use tokio::time::{sleep, timeout};

use super::meter::{Bell, Report};
use super::publisher::Publisher;
use crate::pool::shared::Shared;

/// How long news wait for others that the recorder may hear of together with them.
const REPORTED_AFTER: Duration = Duration::from_millis(100);
/// How often the recorder hears how old work has become that runs, while there are no news.
const REFRESHED_EVERY: Duration = Duration::from_secs(1);

/// From now on the recorder hears of the pool.
pub(in crate::pool) fn start(pool: &Arc<Shared>) {
    let bell = pool.lock().outlet.meter.bell();
    let publisher = Publisher::new(&pool.name, pool.output_dropped.clone());
    let reporter = keep(Arc::downgrade(pool), pool.name.clone(), bell, publisher);
    pool.threads.metrics().spawn(reporter);
}

/// Tells the recorder of a pool as long as it exists.
async fn keep(pool: Weak<Shared>, name: PoolName, bell: Arc<Bell>, mut publisher: Publisher) {
    if !survives(&name, Publisher::describe) {
        return;
    }
    let mut is_running = false;
    loop {
        tokio::select! {
            () = bell.news.notified() => {}
            () = sleep(REFRESHED_EVERY), if is_running => {}
        }
        // What has ended does not wait for more.
        let _ = timeout(REPORTED_AFTER, bell.ended.notified()).await;
        let pool = pool.upgrade();
        let report = match &pool {
            Some(pool) => Some(Report::of(&mut pool.lock(), &pool.threads)),
            None => bell.last(),
        };
        let Some(report) = report else { return };
        let is_gone = pool.is_none();
        // A recorder that blocks must not keep an ended pool's sockets.
        drop(pool);
        is_running = report.oldest_running.is_some();
        if !survives(&name, || publisher.publish(&report)) || is_gone {
            return;
        }
    }
}

/// Whether the recorder did not panic. One that does hears no more of the pool.
fn survives(pool: &PoolName, tell: impl FnOnce()) -> bool {
    let told = catch_unwind(AssertUnwindSafe(tell));
    if told.is_err() {
        tracing::error!(%pool, "the recorder of metrics panicked, and hears no more of this pool");
    }
    told.is_ok()
}
