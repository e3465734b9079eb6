use flame_core::pool::{RejectReason, WorkEnd};

/// How a caller's wait has ended, told apart as the pool's totals do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::pool) enum Fate {
    /// It got its result, or hears that its work failed, was refused for good or was cancelled.
    Ended(WorkEnd),
    /// Its work was not started.
    Rejected(RejectReason),
    /// Its deadline passed while its work was running.
    Expired,
    /// Its runner was lost.
    Lost,
    /// It left.
    Left,
}

#[cfg(feature = "metrics")]
impl Fate {
    /// All fates, with how many callers have had each.
    pub(super) fn counted(totals: &flame_core::pool::PoolTotals) -> [(Self, u64); 12] {
        let rejected = &totals.rejected;
        [
            (Self::Ended(WorkEnd::Returned), totals.returned),
            (Self::Ended(WorkEnd::Failed), totals.failed),
            (Self::Ended(WorkEnd::NotStarted), totals.not_started),
            (Self::Ended(WorkEnd::Cancelled), totals.cancelled),
            (Self::Rejected(RejectReason::QueueFull), rejected.queue_full),
            (
                Self::Rejected(RejectReason::QueueTimeout),
                rejected.queue_timeout,
            ),
            (
                Self::Rejected(RejectReason::BootFailed),
                rejected.boot_failed,
            ),
            (
                Self::Rejected(RejectReason::PoolShutdown),
                rejected.pool_shutdown,
            ),
            (
                Self::Rejected(RejectReason::ResidentsGone),
                rejected.residents_gone,
            ),
            (Self::Expired, totals.expired),
            (Self::Lost, totals.lost),
            (Self::Left, totals.left),
        ]
    }

    /// The value of the label `outcome`.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Ended(WorkEnd::Returned) => "returned",
            Self::Ended(WorkEnd::Failed) => "failed",
            Self::Ended(WorkEnd::NotStarted) => "not_started",
            Self::Ended(WorkEnd::Cancelled) => "cancelled",
            Self::Rejected(RejectReason::QueueFull) => "queue_full",
            Self::Rejected(RejectReason::QueueTimeout) => "queue_timeout",
            Self::Rejected(RejectReason::BootFailed) => "boot_failed",
            Self::Rejected(RejectReason::PoolShutdown) => "pool_shutdown",
            Self::Rejected(RejectReason::ResidentsGone) => "residents_gone",
            Self::Expired => "expired",
            Self::Lost => "lost",
            Self::Left => "left",
        }
    }
}
