use super::PoolLimits;

/// What callers want of a pool, in slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// Slots taken on runners that take calls. A runner with more work than it may have counts as full.
    pub(super) used: usize,
    /// Callers that wait for a slot.
    pub(super) waiting: usize,
    /// Slots kept free ahead of them.
    pub(super) warm: usize,
}

impl Demand {
    /// How many runners this demand wants, up to the pool's maximum.
    pub(super) fn runners(self, limits: &PoolLimits) -> usize {
        self.used
            .saturating_add(self.waiting)
            .saturating_add(self.warm)
            .div_ceil(limits.max_concurrency())
            .min(limits.max())
    }
}

/// How many runners there should be: what the demand wants, and never fewer than `floor`, which is the
/// pool's minimum unless its last runners were allowed to go for want of work, or the pool is to end.
pub(super) fn target(demand: Demand, floor: usize, limits: &PoolLimits) -> usize {
    demand.runners(limits).max(floor)
}
