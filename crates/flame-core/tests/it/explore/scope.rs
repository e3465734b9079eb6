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
    /// How often each caller's work may be begun again.
    pub(super) retries: u32,
    pub(super) misfortunes: Misfortunes,
}

/// Where the exploration begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// Nothing has happened yet.
    Empty,
    /// Everybody has come, and every runner that they need has attached.
    Busy,
    /// The first call has left values, which those that come need, all but the last.
    Keeping,
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
    /// The owner changes the limits.
    pub(super) limit_changes: u8,
    /// The owner wants the pool to serve whom it has, and to end.
    pub(super) pool_drains: u8,
    /// The owner wants the pool to end at once.
    pub(super) kills: u8,
}

const MISFORTUNES: Misfortunes = Misfortunes {
    losses: 2,
    boot_failures: 1,
    hopeless_boots: 1,
    returns: 1,
    drains: 1,
    left_values: 1,
    destroy_failures: 1,
    limit_changes: 0,
    pool_drains: 0,
    kills: 0,
};

const FEW: Misfortunes = Misfortunes {
    losses: 1,
    boot_failures: 0,
    hopeless_boots: 0,
    returns: 0,
    drains: 1,
    left_values: 0,
    destroy_failures: 0,
    limit_changes: 0,
    pool_drains: 0,
    kills: 0,
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
        retries: 0,
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
        retries: 0,
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
        retries: 0,
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
        retries: 0,
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
        retries: 0,
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
        retries: 0,
        misfortunes: MISFORTUNES,
    },
    Scope {
        name: "limits that change",
        beginning: Beginning::Empty,
        depth: 6,
        transitions_at_least: 10_000,
        callers: 3,
        min: 0,
        max: 2,
        max_concurrency: 1,
        reuse: Reuse::Many,
        retries: 0,
        misfortunes: Misfortunes {
            limit_changes: 2,
            ..FEW
        },
    },
    Scope {
        name: "limits that change, busy",
        beginning: Beginning::Busy,
        depth: 4,
        transitions_at_least: 15_000,
        callers: 3,
        min: 0,
        max: 2,
        max_concurrency: 2,
        reuse: Reuse::Many,
        retries: 0,
        misfortunes: Misfortunes {
            limit_changes: 2,
            left_values: 1,
            ..FEW
        },
    },
    Scope {
        name: "drained and killed",
        beginning: Beginning::Empty,
        depth: 6,
        transitions_at_least: 10_000,
        callers: 3,
        min: 1,
        max: 2,
        max_concurrency: 1,
        reuse: Reuse::Many,
        retries: 1,
        misfortunes: Misfortunes {
            hopeless_boots: 1,
            pool_drains: 2,
            kills: 1,
            ..FEW
        },
    },
    Scope {
        name: "drained and killed, busy",
        beginning: Beginning::Busy,
        depth: 4,
        transitions_at_least: 25_000,
        callers: 3,
        min: 1,
        max: 2,
        max_concurrency: 2,
        reuse: Reuse::Many,
        retries: 1,
        misfortunes: Misfortunes {
            returns: 1,
            left_values: 1,
            pool_drains: 2,
            kills: 1,
            ..FEW
        },
    },
    Scope {
        name: "needing what was left",
        beginning: Beginning::Keeping,
        depth: 7,
        transitions_at_least: 20_000,
        callers: 4,
        min: 0,
        max: 2,
        max_concurrency: 1,
        reuse: Reuse::Many,
        retries: 1,
        misfortunes: Misfortunes {
            returns: 1,
            left_values: 2,
            ..FEW
        },
    },
    Scope {
        name: "needing what was left, two slots",
        beginning: Beginning::Keeping,
        depth: 6,
        transitions_at_least: 20_000,
        callers: 5,
        min: 1,
        max: 2,
        max_concurrency: 2,
        reuse: Reuse::Many,
        retries: 0,
        misfortunes: Misfortunes {
            left_values: 2,
            pool_drains: 1,
            ..FEW
        },
    },
    Scope {
        name: "tried again, busy",
        beginning: Beginning::Busy,
        depth: 5,
        transitions_at_least: 40_000,
        callers: 3,
        min: 0,
        max: 2,
        max_concurrency: 1,
        reuse: Reuse::Many,
        retries: 2,
        misfortunes: Misfortunes {
            losses: 3,
            hopeless_boots: 1,
            returns: 1,
            ..FEW
        },
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
            // What lingers would need more steps than there are; the model knows of it.
            boot_linger: Duration::ZERO,
            ..PoolTimeouts::default()
        }
    }

    /// Other limits that the owner may want: one runner or two, one slot or two, a runner at least or none.
    pub(super) fn others(limits: PoolLimits) -> impl Iterator<Item = PoolLimits> {
        let other = |count| if count == 1 { 2 } else { 1 };
        let with_min = |limits: PoolLimits| limits.with_min(1 - limits.min().min(1));
        let changes = [
            limits.with_max(other(limits.max())),
            limits.with_max_concurrency(other(limits.max_concurrency())),
            with_min(limits),
            limits
                .with_max(other(limits.max()))
                .and_then(|limits| limits.with_max_concurrency(other(limits.max_concurrency()))),
        ];
        changes.into_iter().flatten()
    }
}
