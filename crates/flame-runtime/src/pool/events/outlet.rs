use std::io;

use flame_core::PoolName;
use flame_core::pool::PoolCounts;
use tokio::sync::broadcast;

use super::Event;
use super::stream::{EVENTS_KEPT, Events};
use super::tell::Told;
use crate::pool::hooks::{HookQueue, Hooks};
use crate::pool::metrics::Meter;
use crate::threads::Threads;

/// Where a pool's news go: to those who subscribed, to its hooks, and to its meter.
#[derive(Debug, Default)]
pub(in crate::pool) struct Outlet {
    /// What was told so far, as far as the next news depend on it.
    pub(super) told: Told,
    subscribers: Subscribers,
    hooks: Hooks,
    queue: Option<HookQueue>,
    pub(in crate::pool) meter: Meter,
}

#[derive(Debug, Default)]
enum Subscribers {
    /// There was none yet, and so there is no room for events either.
    #[default]
    Never,
    Some(broadcast::Sender<Event>),
    /// Nothing happens any more.
    Closed,
}

impl Outlet {
    pub(in crate::pool) fn new(hooks: Hooks) -> Self {
        Self {
            hooks,
            ..Self::default()
        }
    }

    /// Starts what calls the hooks, if there are any. They are told everything from here on.
    pub(in crate::pool) fn start_hooks(
        &mut self,
        pool: &PoolName,
        threads: &Threads,
    ) -> io::Result<()> {
        let hooks = std::mem::take(&mut self.hooks);
        if !hooks.is_empty() {
            self.queue = Some(HookQueue::start(hooks, pool.clone(), threads)?);
        }
        Ok(())
    }

    pub(in crate::pool) fn subscribe(&mut self) -> Events {
        match &self.subscribers {
            Subscribers::Never => {
                let (sender, receiver) = broadcast::channel(EVENTS_KEPT);
                self.subscribers = Subscribers::Some(sender);
                Events::of(receiver)
            }
            Subscribers::Some(sender) => Events::of(sender.subscribe()),
            Subscribers::Closed => Events::none(),
        }
    }

    /// Tells whoever listens. The event is made only if somebody does.
    pub(super) fn tell(&mut self, event: impl FnOnce() -> Event) {
        let sender = match &self.subscribers {
            Subscribers::Some(sender) if sender.receiver_count() > 0 => Some(sender),
            Subscribers::Some(_) | Subscribers::Never | Subscribers::Closed => None,
        };
        if sender.is_none() && self.queue.is_none() && !Meter::HEARS_EVENTS {
            return;
        }
        let event = event();
        self.meter.hear(&event);
        if let Some(queue) = &mut self.queue {
            queue.offer(&event);
        }
        if let Some(sender) = sender {
            // It fails if the last subscriber has just gone.
            let _ = sender.send(event);
        }
    }

    /// The pool has ended: who listens hears the rest, and then that there is no more.
    pub(in crate::pool) fn close(&mut self, counts: PoolCounts) {
        self.meter.close(counts, self.hooks_missed());
        self.subscribers = Subscribers::Closed;
        if let Some(queue) = &mut self.queue {
            queue.close();
        }
    }

    /// How many calls of hooks were dropped.
    pub(in crate::pool) fn hooks_missed(&self) -> u64 {
        self.queue.as_ref().map_or(0, HookQueue::missed)
    }
}
