use flame_core::pool::{CallerKind, KindCounts, PoolCounts, PoolStage};

/// All that can be counted of a pool.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) stage: PoolStage,
    pub(super) pinned: usize,
    pub(super) unconfirmed: usize,
    pub(super) residents: usize,
    pub(super) booting: usize,
    pub(super) ready: usize,
    pub(super) draining: usize,
    pub(super) poisoned: usize,
    pub(super) reaping: usize,
    pub(super) boot_failures: u32,
    pub(super) link_suspicions: u64,
    pub(super) ignored: u64,
    /// In the order of [`CallerKind::ALL`].
    pub(super) kinds: Vec<KindCounts>,
}

impl From<PoolCounts> for Numbers {
    fn from(counts: PoolCounts) -> Self {
        let kinds = CallerKind::ALL.map(|kind| counts.of(kind)).to_vec();
        let sum = |of: fn(&KindCounts) -> usize| kinds.iter().map(of).sum::<usize>();
        assert_eq!(counts.queued, sum(|kind| kind.queued));
        assert_eq!(counts.running, sum(|kind| kind.running));
        Self {
            stage: counts.stage,
            pinned: counts.pinned,
            unconfirmed: counts.unconfirmed,
            residents: counts.residents,
            booting: counts.booting,
            ready: counts.ready,
            draining: counts.draining,
            poisoned: counts.poisoned,
            reaping: counts.reaping,
            boot_failures: counts.boot_failures,
            link_suspicions: counts.link_suspicions,
            ignored: counts.ignored,
            kinds,
        }
    }
}
