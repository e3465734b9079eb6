use std::time::{Duration, Instant};

use crate::backoff::{self, Jitter};
use crate::id::RunnerId;

/// Where a pause may be configured as nothing, it is this long: a pool must not spin.
pub(super) const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// Where a pause may be configured as endless, it is this long: an instant after it can be named.
const LONGEST_PAUSE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The pause between failed boots and the next ones.
///
/// Boots that were under way together fail together when a provider has an outage. They count as one
/// failure, or a single bad second would put a large pool to sleep for the longest pause at once.
///
/// A copy that calls back and crashes before it has ended a call is no better than a boot that fails, and
/// would be booted again and again without a pause. One such loss alone may be bad luck, and is replaced at
/// once; from the second in a row on there is a pause as well.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct BootPause {
    first: Duration,
    max: Duration,
    jitter: Jitter,
    failed_boots: Streak,
    early_losses: Streak,
}

/// Misfortunes of one kind in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Streak {
    length: u32,
    /// Boots numbered below this one belong to the misfortune that was counted last.
    next_wave: u64,
    until: Option<Instant>,
}

impl BootPause {
    pub(super) fn new(first: Duration, max: Duration, jitter_seed: u64) -> Self {
        Self {
            first,
            max,
            jitter: Jitter::new(jitter_seed),
            failed_boots: Streak::default(),
            early_losses: Streak::default(),
        }
    }

    /// Sets how long pauses are from now on; one that has begun keeps its end.
    pub(super) fn set_lengths(&mut self, first: Duration, max: Duration) {
        self.first = first;
        self.max = max;
    }

    /// How many failed boots in a row were counted.
    pub(super) fn failures(&self) -> u32 {
        self.failed_boots.length
    }

    /// When boots may go on, if there is a pause at `now`.
    pub(super) fn until(&self, now: Instant) -> Option<Instant> {
        let until = self.failed_boots.until.max(self.early_losses.until);
        until.filter(|&until| until > now)
    }

    /// Counts a failed boot; `next_boot` is the number that no boot has had yet.
    pub(super) fn boot_failed(&mut self, boot: RunnerId, next_boot: RunnerId, now: Instant) {
        self.failed_boots.count(boot, next_boot);
        let until = self.end_of_pause(self.failed_boots.length, now);
        self.failed_boots.until = self.failed_boots.until.max(until);
    }

    pub(super) fn boot_succeeded(&mut self) {
        self.failed_boots = Streak::default();
    }

    /// Counts a runner that was lost before it had ended a call.
    pub(super) fn lost_early(&mut self, runner: RunnerId, next_boot: RunnerId, now: Instant) {
        self.early_losses.count(runner, next_boot);
        if self.early_losses.length > 1 {
            let until = self.end_of_pause(self.early_losses.length - 1, now);
            self.early_losses.until = self.early_losses.until.max(until);
        }
    }

    /// Notes that nobody may be able to call back for a while.
    pub(super) fn link_suspected(&mut self, now: Instant) {
        let until = self.end_of_pause(1, now);
        self.early_losses.until = self.early_losses.until.max(until);
    }

    /// Notes that copies are able to work.
    pub(super) fn call_ended(&mut self) {
        self.early_losses = Streak::default();
    }

    fn end_of_pause(&mut self, misfortunes: u32, now: Instant) -> Option<Instant> {
        let delay = backoff::delay(self.first, self.max, misfortunes);
        let delay = delay.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        now.checked_add(self.jitter.stretch(delay))
    }
}

impl Streak {
    fn count(&mut self, boot: RunnerId, next_boot: RunnerId) {
        if self.length == 0 || boot.0 >= self.next_wave {
            self.length = self.length.saturating_add(1);
            self.next_wave = next_boot.0;
        }
    }
}
