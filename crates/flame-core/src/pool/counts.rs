use super::RejectReason;

/// After so many failed boots in a row a pool is degraded. Boots that were under way together count as one.
pub const DEGRADED_AFTER: u32 = 5;

/// What a pool has and has done, for metrics, for people and for whoever checks that nothing is lost:
///
/// `submitted = queued + running + completed + rejected + expired + lost + left`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PoolCounts {
    /// Callers that wait for a slot.
    pub queued: usize,
    /// Callers that have a slot and wait for an answer.
    pub running: usize,
    /// Slots whose caller has left or was answered, while the end of its work is not confirmed.
    pub unconfirmed: usize,
    /// Slots that are kept by values which ended calls have left.
    pub residents: usize,
    /// Runners that take calls.
    pub ready: usize,
    /// Boots under way.
    pub booting: usize,
    /// Runners that finish what they have.
    pub draining: usize,
    /// Runners that are killed when their other work has ended.
    pub poisoned: usize,
    /// Instances that the backend was asked to destroy and has not confirmed.
    pub reaping: usize,
    /// Boots that failed since one last succeeded.
    pub boot_failures: u32,
    /// What has happened since the pool began; these numbers only grow.
    pub totals: PoolTotals,
}

/// What has happened to a pool's callers and runners since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PoolTotals {
    /// Callers that asked for a slot.
    pub submitted: u64,
    /// Slots granted.
    pub granted: u64,
    /// Grants that were returned, not started.
    pub returned: u64,
    /// Callers whose work ended while they waited for it, however it ended.
    pub completed: u64,
    /// Callers whose work was not started, by reason.
    pub rejected: Rejections,
    /// Callers whose deadline passed while their work was running.
    pub expired: u64,
    /// Callers whose runner was lost.
    pub lost: u64,
    /// Callers that left before they had an answer.
    pub left: u64,
    /// Runners that were poisoned.
    pub poisoned: u64,
    /// Events that came late, twice or for somebody unknown.
    pub ignored: u64,
}

/// How many callers' work was not started, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rejections {
    /// See [`RejectReason::QueueFull`].
    pub queue_full: u64,
    /// See [`RejectReason::QueueTimeout`].
    pub queue_timeout: u64,
    /// See [`RejectReason::BootFailed`].
    pub boot_failed: u64,
    /// See [`RejectReason::PoolShutdown`].
    pub pool_shutdown: u64,
}

impl PoolCounts {
    /// Whether [`DEGRADED_AFTER`] boots in a row have failed, and none has succeeded since.
    pub fn is_degraded(&self) -> bool {
        self.boot_failures >= DEGRADED_AFTER
    }
}

impl PoolTotals {
    /// Callers that have had their one answer, or left.
    pub fn answered(&self) -> u64 {
        self.completed + self.rejected.sum() + self.expired + self.lost + self.left
    }
}

impl Rejections {
    /// The sum over all reasons.
    pub fn sum(&self) -> u64 {
        self.queue_full + self.queue_timeout + self.boot_failed + self.pool_shutdown
    }

    pub(super) fn add(&mut self, reason: RejectReason) {
        let count = match reason {
            RejectReason::QueueFull => &mut self.queue_full,
            RejectReason::QueueTimeout => &mut self.queue_timeout,
            RejectReason::BootFailed => &mut self.boot_failed,
            RejectReason::PoolShutdown => &mut self.pool_shutdown,
        };
        *count += 1;
    }
}
