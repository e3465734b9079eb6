use std::time::Duration;

use flame_core::RunnerId;

use crate::error::{BootFailure, LossReason};

/// A pool that grows: what [`on_grow_start`](crate::PoolBuilder::on_grow_start) is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Growth {
    /// The pool.
    pub pool: String,
    /// How many runners it is growing to, this one included. Every boot is told of, so also those up to `min`.
    pub count: usize,
    /// The new runner.
    pub runner: RunnerId,
    /// The name of its instance.
    pub name: String,
}

/// The end of a growth: what [`on_grow_end`](crate::PoolBuilder::on_grow_end) is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GrowthEnd {
    /// The pool.
    pub pool: String,
    /// How many runners it has now, those that still boot included.
    pub count: usize,
    /// The runner that was booted.
    pub runner: RunnerId,
    /// The name of its instance, with the provider's id where it is known.
    pub name: String,
    /// What came of it.
    pub outcome: GrowthOutcome,
}

/// What came of a boot.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GrowthOutcome {
    /// The runner takes calls.
    #[non_exhaustive]
    Ready {
        /// How long the boot took.
        after: Duration,
    },
    /// There is no runner.
    Failed(BootFailure),
    /// Nobody needed it any more.
    GivenUp,
}

/// A pool that shrinks: what [`on_shrink`](crate::PoolBuilder::on_shrink) is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shrink {
    /// The pool.
    pub pool: String,
    /// How many runners it has left, those that still boot included.
    pub count: usize,
    /// The runner that has ended.
    pub runner: RunnerId,
    /// The name of its instance, with the provider's id where it is known.
    pub name: String,
    /// Why it was lost. `None` when it finished in good order.
    pub lost: Option<LossReason>,
}
