use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use flame_core::PoolName;
use tokio::runtime::Handle;

use super::Hooks;
use super::occasion::Occasion;
use crate::pool::Event;
use crate::threads::Threads;

/// How many calls of hooks may wait behind one that takes its time.
pub const HOOKS_QUEUED: usize = 256;

/// The calls of hooks that are still to be made, and the thread that makes them.
#[derive(Debug)]
pub(in crate::pool) struct HookQueue {
    pool: PoolName,
    hooks: Arc<Hooks>,
    /// `None` when the pool has ended. The thread ends after the last call.
    queue: Option<SyncSender<Occasion>>,
    missed: u64,
    /// Whether the last call found no room.
    is_full: bool,
}

impl HookQueue {
    pub(in crate::pool) fn start(
        hooks: Hooks,
        pool: PoolName,
        threads: &Threads,
    ) -> io::Result<Self> {
        let hooks = Arc::new(hooks);
        let (queue, occasions) = sync_channel(HOOKS_QUEUED);
        let (theirs, name) = (hooks.clone(), pool.clone());
        let runtime = threads.backend().clone();
        thread::Builder::new()
            .name("flame-hooks".to_owned())
            .spawn(move || keep(&theirs, &name, &runtime, &occasions))?;
        Ok(Self {
            pool,
            hooks,
            queue: Some(queue),
            missed: 0,
            is_full: false,
        })
    }

    /// Queues the call that the event is a reason for. It never waits: without room the call is dropped.
    pub(in crate::pool) fn offer(&mut self, event: &Event) {
        let Some(occasion) = Occasion::of(event, &self.pool) else {
            return;
        };
        let Some(queue) = &self.queue else { return };
        if !occasion.is_wanted(&self.hooks) {
            return;
        }
        // The thread outlives the queue, so what fails fails for want of room.
        let found_room = queue.try_send(occasion).is_ok();
        self.missed += u64::from(!found_room);
        // Only the turns are logged: a hook that is stuck for good must not flood the log as well.
        if self.is_full == found_room {
            self.is_full = !found_room;
            if found_room {
                tracing::warn!(pool = %self.pool, missed = self.missed, "hooks keep up again");
            } else {
                tracing::warn!(pool = %self.pool, "hooks do not keep up: calls of them are dropped");
            }
        }
    }

    /// There will be no further call.
    pub(in crate::pool) fn close(&mut self) {
        self.queue = None;
    }

    /// How many calls were dropped.
    pub(in crate::pool) fn missed(&self) -> u64 {
        self.missed
    }
}

/// Calls the hooks until the pool has ended.
fn keep(hooks: &Hooks, pool: &PoolName, runtime: &Handle, occasions: &Receiver<Occasion>) {
    // So that hooks may spawn what they cannot do without waiting.
    let _runtime = runtime.enter();
    for occasion in occasions {
        occasion.run(hooks, pool);
    }
}
