use std::time::{Duration, Instant};

use flame_core::RunnerId;
use flame_core::pool::PoolTimeouts;

/// The pauses between boots: one after failed boots, one after runners that were lost too early.
#[derive(Clone, Debug, Default)]
pub(super) struct Pause {
    pub(super) failed_boots: Streak,
    pub(super) early_losses: Streak,
}

/// Misfortunes of one kind in a row. Those of boots that were under way together count as one.
#[derive(Clone, Debug, Default)]
pub(super) struct Streak {
    pub(super) length: u32,
    /// The first boot that was not under way when the last misfortune was counted.
    next_wave: u64,
    ends: Option<Window>,
}

/// Jitter makes a pause longer by up to a quarter, so its end is known to lie between two instants.
#[derive(Clone, Copy, Debug)]
struct Window {
    earliest: Instant,
    latest: Instant,
}

impl Pause {
    /// Whether boots may not begin now, for sure.
    pub(super) fn surely_holds(&self, now: Instant) -> bool {
        self.windows().any(|window| window.earliest > now)
    }

    /// Whether boots may begin now, for sure.
    pub(super) fn is_surely_over(&self, now: Instant) -> bool {
        self.windows().all(|window| window.latest <= now)
    }

    /// When the pause ends at the latest.
    pub(super) fn latest(&self) -> Option<Instant> {
        self.windows().map(|window| window.latest).max()
    }

    /// Learns that the pause is over at `now`.
    pub(super) fn learns_over(&mut self, now: Instant) {
        for streak in [&mut self.failed_boots, &mut self.early_losses] {
            if let Some(window) = &mut streak.ends {
                window.latest = window.latest.min(now);
            }
        }
    }

    /// Learns that the pause ends at `at`, if that is possible.
    pub(super) fn learns_end(&mut self, at: Instant) -> bool {
        let earliest = self.windows().map(|window| window.earliest).max();
        let possible = earliest <= Some(at) && self.latest() >= Some(at);
        if possible {
            self.learns_over(at);
            let streaks = [&mut self.failed_boots, &mut self.early_losses];
            let windows = streaks
                .into_iter()
                .filter_map(|streak| streak.ends.as_mut());
            let mut lasting: Vec<_> = windows.filter(|window| window.latest == at).collect();
            // Only one may last until then, so that one does.
            if let [window] = lasting.as_mut_slice() {
                window.earliest = at;
            }
        }
        possible
    }

    fn windows(&self) -> impl Iterator<Item = Window> {
        let streaks = [&self.failed_boots, &self.early_losses];
        streaks.into_iter().filter_map(|streak| streak.ends)
    }
}

impl Streak {
    /// Counts a misfortune of `boot`. The pause is `first`, doubled for each misfortune beyond the first
    /// that is not `free`.
    pub(super) fn count(
        &mut self,
        boot: RunnerId,
        next_boot: u64,
        free: u32,
        timeouts: &PoolTimeouts,
        now: Instant,
    ) {
        if self.length == 0 || boot.0 >= self.next_wave {
            self.length += 1;
            self.next_wave = next_boot;
        }
        if self.length > free {
            let mut pause = timeouts.boot_backoff_first;
            for _ in 1..self.length - free {
                pause = (pause * 2).min(timeouts.boot_backoff_max);
            }
            self.lengthen(pause.min(timeouts.boot_backoff_max), now);
        }
    }

    /// A pause that is the shortest one, and no misfortune of the row.
    pub(super) fn pauses_once(&mut self, timeouts: &PoolTimeouts, now: Instant) {
        let (first, longest) = (timeouts.boot_backoff_first, timeouts.boot_backoff_max);
        self.lengthen(first.min(longest), now);
    }

    /// A later misfortune never makes the pause shorter.
    fn lengthen(&mut self, pause: Duration, now: Instant) {
        let (earliest, latest) = (now + pause, now + pause + pause / 4);
        self.ends = Some(match self.ends {
            None => Window { earliest, latest },
            Some(before) => Window {
                earliest: earliest.max(before.earliest),
                latest: latest.max(before.latest),
            },
        });
    }

    /// Forgets them, and their pause.
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }
}
