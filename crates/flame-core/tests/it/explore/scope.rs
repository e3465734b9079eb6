use std::time::Duration;

use flame_core::pool::{PoolLimits, PoolTimeouts, Reuse};

/// What is explored: a pool, and how often each misfortune may strike in one life.
pub(super) struct Scope {
    pub(super) name: &'static str,
    pub(super) beginning: Beginning,
    pub(super) depth: usize,
    /// Fewer transitions would mean that something does not happen any more.
    pub(super) transitions_at_least: usize,
    pub(super) callers: u64,
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) max_concurrency: usize,
    pub(super) reuse: Reuse,
    pub(super) misfortunes: Misfortunes,
}

/// Where the exploration begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// Nothing has happened yet.
    Empty,
    /// Everybody has come, and every runner that they need has attached.
    Busy,
}

/// How often each may still strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Misfortunes {
    pub(super) losses: u8,
    pub(super) boot_failures: u8,
    pub(super) hopeless_boots: u8,
    pub(super) returns: u8,
    pub(super) drains: u8,
    pub(super) left_values: u8,
    pub(super) destroy_failures: u8,
}

const MISFORTUNES: Misfortunes = Misfortunes {
    losses: 2,
    boot_failures: 1,
    hopeless_boots: 1,
    returns: 1,
    drains: 1,
    left_values: 1,
    destroy_failures: 1,
};

pub(super) const SCOPES: &[Scope] = &[
    Scope {
        name: "one slot each",
        beginning: Beginning::Empty,
        depth: 7,
        transitions_at_least: 25_000,
        callers: 3,
        min: 0,
        max: 2,
        max_concurrency: 1,
        reuse: Reuse::Many,
        misfortunes: MISFORTUNES,
    },
    Scope {
        name: "one slot each, busy",
        beginning: Beginning::Busy,
        depth: 5,
        transitions_at_least: 35_000,
        callers: 3,
        min: 0,
        max: 2,
        max_concurrency: 1,
        reuse: Reuse::Many,
        misfortunes: MISFORTUNES,
    },
    Scope {
        name: "two slots each, one runner at least",
        beginning: Beginning::Empty,
        depth: 7,
        transitions_at_least: 30_000,
        callers: 3,
        min: 1,
        max: 2,
        max_concurrency: 2,
        reuse: Reuse::Many,
        misfortunes: MISFORTUNES,
    },
    Scope {
        name: "two slots each, one runner at least, busy",
        beginning: Beginning::Busy,
        depth: 5,
        transitions_at_least: 30_000,
        callers: 3,
        min: 1,
        max: 2,
        max_concurrency: 2,
        reuse: Reuse::Many,
        misfortunes: MISFORTUNES,
    },
    Scope {
        name: "used once, one runner at least",
        beginning: Beginning::Empty,
        depth: 6,
        transitions_at_least: 10_000,
        callers: 3,
        min: 1,
        max: 2,
        max_concurrency: 1,
        reuse: Reuse::SingleUse,
        misfortunes: MISFORTUNES,
    },
    Scope {
        name: "used once, one runner at least, busy",
        beginning: Beginning::Busy,
        depth: 5,
        transitions_at_least: 40_000,
        callers: 3,
        min: 1,
        max: 2,
        max_concurrency: 1,
        reuse: Reuse::SingleUse,
        misfortunes: MISFORTUNES,
    },
];

impl Scope {
    pub(super) fn limits(&self) -> PoolLimits {
        let limits = PoolLimits::new(self.max).unwrap();
        let limits = limits.with_min(self.min).unwrap();
        let limits = limits.with_max_concurrency(self.max_concurrency).unwrap();
        limits.with_reuse(self.reuse)
    }

    pub(super) fn timeouts(&self) -> PoolTimeouts {
        PoolTimeouts {
            boot_timeout: Duration::from_secs(20),
            shutdown_timeout: Duration::from_secs(10),
            idle_shutdown_after: Duration::from_secs(30),
            ..PoolTimeouts::default()
        }
    }
}
