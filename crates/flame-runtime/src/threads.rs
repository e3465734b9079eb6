//! Where the library's own futures run, and whose clock they read.
//!
//! The control thread carries sessions, heartbeats and timers. It never runs a line of the user's code, so
//! that code which blocks or spins can starve neither a heartbeat nor a pool, and a pool outlives the runtime
//! that first used it. The backend thread carries backends: one that blocks there delays boots, and nothing
//! else. Hooks, which may block for good, have a thread of their own for each pool that has any.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Instant;

use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

use crate::link::{Cables, Net};

/// The name of the control thread.
pub(crate) const CONTROL_THREAD: &str = "flame-control";

/// The threads, the clock and the network that a pool or a runner uses.
#[derive(Clone, Debug)]
pub(crate) struct Threads {
    control: Handle,
    backend: Handle,
    clock: Clock,
    cables: Cables,
}

#[derive(Clone, Copy, Debug)]
enum Clock {
    /// The system's monotonic clock. A caller may be on a runtime with a paused clock of its own, which is
    /// not the control thread's.
    System,
    /// The clock of the runtime that everything runs on.
    Runtime,
}

impl Threads {
    /// The library's own threads, started at the first use.
    pub(crate) fn library() -> Self {
        static CONTROL: OnceLock<Handle> = OnceLock::new();
        static BACKEND: OnceLock<Handle> = OnceLock::new();
        Self {
            control: CONTROL.get_or_init(|| start(CONTROL_THREAD)).clone(),
            backend: BACKEND.get_or_init(|| start("flame-backend")).clone(),
            clock: Clock::System,
            cables: Cables::System,
        }
    }

    /// Everything on the runtime that calls this, with its clock: for tests under paused time.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub(crate) fn current_runtime() -> Self {
        let here = Handle::current();
        Self {
            control: here.clone(),
            backend: here,
            clock: Clock::Runtime,
            cables: Cables::System,
        }
    }

    /// The same on the runtime that calls this, whose host has these connections to others and no more.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub(crate) fn simulated(net: Arc<dyn Net>) -> Self {
        Self {
            cables: Cables::Simulated(net),
            ..Self::current_runtime()
        }
    }

    /// What connects this host with others.
    pub(crate) fn cables(&self) -> &Cables {
        &self.cables
    }

    pub(crate) fn now(&self) -> Instant {
        match self.clock {
            Clock::System => Instant::now(),
            Clock::Runtime => tokio::time::Instant::now().into_std(),
        }
    }

    pub(crate) fn spawn_control<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.control.spawn(future)
    }

    pub(crate) fn spawn_backend<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.backend.spawn(future)
    }

    pub(crate) fn backend(&self) -> &Handle {
        &self.backend
    }

    /// Where a recorder of metrics hears of pools. It may block there.
    #[cfg(feature = "metrics")]
    pub(crate) fn metrics(&self) -> Handle {
        static METRICS: OnceLock<Handle> = OnceLock::new();
        match self.clock {
            Clock::System => METRICS.get_or_init(|| start("flame-metrics")).clone(),
            Clock::Runtime => self.control.clone(),
        }
    }

    pub(crate) fn control(&self) -> &Handle {
        &self.control
    }
}

#[expect(
    clippy::expect_used,
    reason = "a process that cannot start these threads cannot run a pool either"
)]
fn start(name: &'static str) -> Handle {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an event loop can be made");
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .expect("a thread can be started");
    handle
}
