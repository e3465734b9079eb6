//! From whatever thread something happens on to the one session of this process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flame_proto::frame::{Feature, Features, RunnerEvent, RunnerFrame};

use crate::link::Outbox;

/// How many events of a runner may be on their way to its parent at once.
pub const EVENTS_QUEUED: usize = 1_000;

static WAY: Mutex<Way> = Mutex::new(Way {
    to: To::NotYet(Vec::new()),
    dropped: 0,
});

struct Way {
    to: To,
    /// How many events were dropped since the last one that was not.
    dropped: u64,
}

enum To {
    /// The parent has not answered yet: what happens while the app boots waits.
    NotYet(Vec<RunnerEvent>),
    Parent(Arc<Outbox<RunnerFrame>>),
    /// The parent does not want events.
    Nobody,
}

/// The parent has welcomed this process.
pub(in crate::runner) fn open(features: &Features, outbox: &Arc<Outbox<RunnerFrame>>) {
    let mut way = lock();
    let to = if features.have(Feature::Events) {
        To::Parent(outbox.clone())
    } else {
        To::Nobody
    };
    if let To::NotYet(waiting) = std::mem::replace(&mut way.to, to) {
        waiting.into_iter().for_each(|event| way.send(event));
    }
}

/// Tells the parent, as soon as there is one.
pub(super) fn tell(event: RunnerEvent) {
    let mut way = lock();
    match &mut way.to {
        To::NotYet(waiting) if waiting.len() < EVENTS_QUEUED => waiting.push(event),
        To::NotYet(_) => way.dropped += 1,
        To::Parent(_) => way.send(event),
        To::Nobody => {}
    }
}

impl Way {
    fn send(&mut self, mut event: RunnerEvent) {
        let To::Parent(outbox) = &self.to else {
            return;
        };
        event.dropped = std::mem::take(&mut self.dropped);
        let dropped = event.dropped;
        if outbox
            .push_if_fewer(RunnerFrame::Event(event), EVENTS_QUEUED)
            .is_err()
        {
            self.dropped = dropped + 1;
        }
    }
}

fn lock() -> MutexGuard<'static, Way> {
    // Nothing that changes it can panic half way.
    WAY.lock().unwrap_or_else(PoisonError::into_inner)
}
