use std::hint::black_box;
use std::time::{Duration, Instant};

use flame_core::pool::{
    CallerKind, PoolEvent, PoolLimits, PoolState, PoolTimeouts, SlotAfter, WorkEnd,
};
use flame_core::{CallerId, RunnerId};

/// How many calls a runner takes.
const SLOTS: u64 = 4;

/// A pool in which every slot but one is taken, or all are and callers wait. Every caller has a deadline.
pub(crate) struct Checkouts {
    pool: PoolState,
    now: Instant,
    newest: u64,
    oldest: u64,
}

impl Checkouts {
    pub(crate) fn new(runners: u64, waiting: u64) -> anyhow::Result<Self> {
        let now = Instant::now();
        let count = usize::try_from(runners)?;
        let limits = PoolLimits::new(count)?
            .with_min(count)?
            .with_max_concurrency(usize::try_from(SLOTS)?)?
            .with_max_queue(usize::MAX);
        let pool = PoolState::new(limits, PoolTimeouts::default(), 1);
        let mut this = Self {
            pool,
            now,
            newest: 0,
            oldest: 0,
        };
        this.pool.handle_timeout(now);
        for runner in (0..runners).map(RunnerId) {
            this.tell(PoolEvent::RunnerAttached { runner });
        }
        let slots = SLOTS * runners;
        let before = if waiting == 0 {
            slots - 1
        } else {
            slots + waiting
        };
        for _ in 0..before {
            this.checkout();
        }
        Ok(this)
    }

    /// One call comes, and the oldest ends.
    pub(crate) fn turn(&mut self) {
        self.checkout();
        let caller = CallerId(self.oldest);
        self.oldest += 1;
        self.tell(PoolEvent::CallEnded {
            caller,
            end: WorkEnd::Returned,
            slot: SlotAfter::Free,
        });
    }

    fn checkout(&mut self) {
        let caller = CallerId(self.newest);
        self.newest += 1;
        self.tell(PoolEvent::CheckoutRequested {
            caller,
            kind: CallerKind::Call,
            deadline: Some(self.now + Duration::from_secs(3600)),
            queue_deadline: None,
            retries: 0,
            pin: None,
        });
    }

    /// As the driver does it, which asks after each event what to do and when to come back.
    fn tell(&mut self, event: PoolEvent) {
        self.pool.handle_event(event, self.now);
        while let Some(action) = self.pool.poll_action() {
            let _ = black_box(action);
        }
        black_box(self.pool.poll_timeout());
    }
}
