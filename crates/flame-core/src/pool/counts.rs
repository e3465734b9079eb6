use super::kind::ByKind;
use super::{CallerKind, PoolStage, PoolTotals};

/// After so many failed boots in a row a pool is degraded. Boots that were under way together count as one.
pub const DEGRADED_AFTER: u32 = 5;

/// What a pool has and has done, for metrics, for people and for whoever checks that nothing is lost.
///
/// At every moment, for each kind of caller and for all of them together:
///
/// `submitted = queued + running + returned + failed + not_started + cancelled + rejected + expired + lost + left`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PoolCounts {
    /// How far the pool is in its life.
    pub stage: PoolStage,
    /// Callers that wait for a slot.
    pub queued: usize,
    /// Those of them that need values which an ended call has left, and so can only run on their runner. They are no
    /// reason to boot another one.
    pub pinned: usize,
    /// Callers that have a slot and wait for an answer.
    pub running: usize,
    /// Slots whose caller has left or was answered, while the end of its work is not confirmed.
    pub unconfirmed: usize,
    /// Ended calls whose left values keep a slot.
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
    /// How often all runners fell silent at about the same time, so that the link of this process was suspected.
    pub link_suspicions: u64,
    /// How often a runner was poisoned.
    pub poisonings: u64,
    /// Events that came late, twice or for somebody unknown.
    pub ignored: u64,
    /// What has happened to the callers of all kinds.
    pub totals: PoolTotals,
    pub(super) by_kind: ByKind<KindCounts>,
}

/// The callers of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct KindCounts {
    /// Callers that wait for a slot.
    pub queued: usize,
    /// Callers that have a slot and wait for an answer.
    pub running: usize,
    /// What has happened to the others.
    pub totals: PoolTotals,
}

impl PoolCounts {
    /// The same for the callers of one kind.
    pub fn of(&self, kind: CallerKind) -> KindCounts {
        *self.by_kind.of(kind)
    }

    /// Whether [`DEGRADED_AFTER`] boots in a row have failed, and none has succeeded since.
    pub fn is_degraded(&self) -> bool {
        self.boot_failures >= DEGRADED_AFTER
    }

    /// Whether every caller is accounted for, kind by kind.
    pub fn are_conserved(&self) -> bool {
        CallerKind::ALL
            .into_iter()
            .all(|kind| self.of(kind).are_conserved())
    }
}

impl KindCounts {
    /// Whether every caller of this kind is accounted for.
    pub fn are_conserved(&self) -> bool {
        let here = self.queued.saturating_add(self.running);
        u64::try_from(here).is_ok_and(|here| self.totals.submitted == here + self.totals.answered())
    }
}
