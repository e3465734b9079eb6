use super::{RejectReason, WorkEnd};

/// What has happened to callers since the pool began: to all of them, or to those of one kind. These numbers
/// only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PoolTotals {
    /// Callers that asked for a slot.
    pub submitted: u64,
    /// Slots granted.
    pub granted: u64,
    /// Grants that came back, not started, and whose caller waited again.
    pub given_back: u64,
    /// Grants whose runner was lost, and whose caller waited again.
    pub retried: u64,
    /// Callers that got their result.
    pub returned: u64,
    /// Callers whose work panicked, or whose result could not travel.
    pub failed: u64,
    /// Callers whose work was refused by its runner, and would be by any other.
    pub not_started: u64,
    /// Callers whose work was cancelled by its runner's or its pool's end.
    pub cancelled: u64,
    /// Callers whose work was not started, by reason.
    pub rejected: Rejections,
    /// Callers whose deadline passed while their work was running.
    pub expired: u64,
    /// Callers whose runner was lost, and whose work could not be begun again.
    pub lost: u64,
    /// Callers that left before they had an answer.
    pub left: u64,
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
    /// See [`RejectReason::ResidentsGone`].
    pub residents_gone: u64,
}

impl PoolTotals {
    /// Callers whose work ended while they waited for it, however it ended.
    pub fn ended(&self) -> u64 {
        self.returned + self.failed + self.not_started + self.cancelled
    }

    /// Callers that have had their one answer, or left.
    pub fn answered(&self) -> u64 {
        self.ended() + self.rejected.sum() + self.expired + self.lost + self.left
    }

    /// Counts the end of work that may have been lost before.
    pub(super) fn add_end(&mut self, end: WorkEnd, was_lost: bool) {
        let count = match end {
            WorkEnd::NotStarted if was_lost => &mut self.lost,
            WorkEnd::Returned => &mut self.returned,
            WorkEnd::Failed => &mut self.failed,
            WorkEnd::NotStarted => &mut self.not_started,
            WorkEnd::Cancelled => &mut self.cancelled,
        };
        *count += 1;
    }

    /// The sum of both.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            submitted: self.submitted + other.submitted,
            granted: self.granted + other.granted,
            given_back: self.given_back + other.given_back,
            retried: self.retried + other.retried,
            returned: self.returned + other.returned,
            failed: self.failed + other.failed,
            not_started: self.not_started + other.not_started,
            cancelled: self.cancelled + other.cancelled,
            rejected: self.rejected.plus(other.rejected),
            expired: self.expired + other.expired,
            lost: self.lost + other.lost,
            left: self.left + other.left,
        }
    }
}

impl Rejections {
    /// The sum over all reasons.
    pub fn sum(&self) -> u64 {
        self.queue_full
            + self.queue_timeout
            + self.boot_failed
            + self.pool_shutdown
            + self.residents_gone
    }

    pub(super) fn add(&mut self, reason: RejectReason) {
        let count = match reason {
            RejectReason::QueueFull => &mut self.queue_full,
            RejectReason::QueueTimeout => &mut self.queue_timeout,
            RejectReason::BootFailed => &mut self.boot_failed,
            RejectReason::PoolShutdown => &mut self.pool_shutdown,
            RejectReason::ResidentsGone => &mut self.residents_gone,
        };
        *count += 1;
    }

    fn plus(self, other: Self) -> Self {
        Self {
            queue_full: self.queue_full + other.queue_full,
            queue_timeout: self.queue_timeout + other.queue_timeout,
            boot_failed: self.boot_failed + other.boot_failed,
            pool_shutdown: self.pool_shutdown + other.pool_shutdown,
            residents_gone: self.residents_gone + other.residents_gone,
        }
    }
}
