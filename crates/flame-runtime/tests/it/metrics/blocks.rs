use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tokio::sync::watch;

/// A recorder of the whole process that does not come back until it is released.
#[derive(Clone)]
pub(super) struct Blocks {
    is_blocked: watch::Sender<bool>,
    is_released: Arc<(Mutex<bool>, Condvar)>,
}

impl Blocks {
    /// One test may do so, for it cannot be taken back.
    pub(super) fn install() -> Self {
        let recorder = Self {
            is_blocked: watch::Sender::new(false),
            is_released: Arc::default(),
        };
        assert!(metrics::set_global_recorder(recorder.clone()).is_ok());
        recorder
    }

    /// Waits until it blocks.
    pub(super) async fn blocks(&self) {
        let mut is_blocked = self.is_blocked.subscribe();
        is_blocked.wait_for(|is_blocked| *is_blocked).await.unwrap();
    }

    pub(super) fn release(&self) {
        *self.is_released.0.lock().unwrap() = true;
        self.is_released.1.notify_all();
    }

    fn block(&self) {
        // Other tests have their pools on threads of their own, and those are let through.
        if thread::current().name() != Some("flame-metrics") {
            return;
        }
        self.is_blocked.send_replace(true);
        let (is_released, released) = &*self.is_released;
        let is_released = is_released.lock().unwrap();
        drop(released.wait_while(is_released, |is_released| !*is_released));
    }
}

impl Recorder for Blocks {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        self.block();
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        self.block();
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        self.block();
        Histogram::noop()
    }
}
