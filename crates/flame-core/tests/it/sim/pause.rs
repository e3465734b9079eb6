use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use flame_core::RunnerId;
use flame_core::pool::PoolTimeouts;

/// The bounds of the pause before the next boots, computed apart from the pool.
#[derive(Clone, Debug)]
pub(crate) struct Pause {
    first: Duration,
    cap: Duration,
    failed_boots: Streak,
    early_losses: Streak,
}

/// Misfortunes of one kind in a row.
#[derive(Clone, Debug, Default)]
struct Streak {
    length: u32,
    /// The boots that had begun when a misfortune was last counted; they count together.
    wave: BTreeSet<RunnerId>,
    /// No boot before this.
    not_before: Option<Instant>,
    /// The jitter is over by then.
    over_at: Option<Instant>,
}

impl Pause {
    pub(crate) fn new(timeouts: &PoolTimeouts) -> Self {
        Self {
            first: timeouts.boot_backoff_first,
            cap: timeouts.boot_backoff_max,
            failed_boots: Streak::default(),
            early_losses: Streak::default(),
        }
    }

    pub(crate) fn boot_failed(&mut self, boot: RunnerId, begun: &BTreeSet<RunnerId>, now: Instant) {
        self.failed_boots.count(boot, begun);
        let pause = self.after(self.failed_boots.length);
        self.failed_boots.begin(pause, now);
    }

    /// Pauses are so long from now on; one that has begun keeps its end.
    pub(crate) fn set_lengths(&mut self, timeouts: &PoolTimeouts) {
        self.first = timeouts.boot_backoff_first;
        self.cap = timeouts.boot_backoff_max;
    }

    pub(crate) fn boot_succeeded(&mut self) {
        self.failed_boots = Streak::default();
    }

    /// A runner was lost that had not ended a call. One alone is replaced at once.
    pub(crate) fn lost_early(&mut self, lost: RunnerId, begun: &BTreeSet<RunnerId>, now: Instant) {
        self.early_losses.count(lost, begun);
        if self.early_losses.length > 1 {
            let pause = self.after(self.early_losses.length - 1);
            self.early_losses.begin(pause, now);
        }
    }

    /// Nobody may be able to call back for a while.
    pub(crate) fn link_suspected(&mut self, now: Instant) {
        let pause = self.after(1);
        self.early_losses.begin(pause, now);
    }

    pub(crate) fn call_ended(&mut self) {
        self.early_losses = Streak::default();
    }

    /// Whether the pool may be waiting at `now`.
    pub(crate) fn may_last(&self, now: Instant) -> bool {
        self.streaks()
            .any(|streak| streak.over_at.is_some_and(|at| now < at))
    }

    /// Whether the pool must be waiting at `now`.
    pub(crate) fn must_last(&self, now: Instant) -> bool {
        self.streaks()
            .any(|streak| streak.not_before.is_some_and(|at| now < at))
    }

    fn streaks(&self) -> impl Iterator<Item = &Streak> {
        [&self.failed_boots, &self.early_losses].into_iter()
    }

    fn after(&self, misfortunes: u32) -> Duration {
        let doubled = |pause: Duration, _| (pause * 2).min(self.cap);
        (1..misfortunes.min(40)).fold(self.first, doubled)
    }
}

impl Streak {
    fn count(&mut self, boot: RunnerId, begun: &BTreeSet<RunnerId>) {
        if self.length == 0 || !self.wave.contains(&boot) {
            self.length += 1;
            self.wave.clone_from(begun);
        }
    }

    fn begin(&mut self, pause: Duration, now: Instant) {
        self.not_before = self.not_before.max(Some(now + pause));
        self.over_at = self.over_at.max(Some(now + pause + pause / 4));
    }
}
