use flame_core::pool::{PoolStage, PoolState};

use crate::sim::books::Leavings;
use crate::sim::faults::FaultCounts;

/// What a life was good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) steps: u64,
    pub(crate) actions: u64,
    pub(crate) callers: u64,
    pub(crate) faults: FaultCounts,
    pub(crate) leavings: Leavings,
    /// How far the pool was when it was killed, if it was.
    pub(crate) killed_while: Option<PoolStage>,
    pub(crate) last: PoolState,
    pub(crate) transcript: Option<String>,
}
