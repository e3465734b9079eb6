use std::collections::BTreeMap;
use std::time::Instant;

use super::CallerKind;
use super::kind::ByKind;
use super::queue::Ticket;
use crate::id::{CallerId, RunnerId};

/// A slot on a runner and the caller whose work, or whose left values, take it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Lease {
    pub(super) ticket: Box<Ticket>,
    pub(super) runner: RunnerId,
    pub(super) stage: LeaseStage,
    /// Its slot, by the arrival number of whoever took it first.
    pub(super) slot: u64,
    /// When its cancelled work should have ended.
    pub(super) grace_until: Option<Instant>,
    /// Whether it is a child's that has begun its life.
    pub(super) is_accepted: bool,
}

/// A child that has begun its life.
pub(super) struct Accepted {
    /// By when it had to.
    pub(super) deadline: Option<Instant>,
}

/// What takes the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum LeaseStage {
    /// Work.
    Running,
    /// Work that was told to end.
    Cancelling {
        /// Whether somebody still waits for an answer.
        interest: Interest,
    },
    /// Values that the ended work left behind.
    Resident,
}

/// Whether a caller still waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Interest {
    Waits,
    Answered,
}

/// Whether a lease has its slot to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    Whole,
    WithOthers,
}

/// What is in a slot that keeps values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occupancy {
    /// Values alone: one call may come to them.
    Values,
    /// Work as well.
    Work,
}

/// A slot that keeps values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct KeptSlot {
    /// How many calls have left values in it.
    groups: usize,
    /// Whose work is in it.
    worker: Option<CallerId>,
}

impl LeaseStage {
    /// Whether the caller still waits for an answer.
    pub(super) fn is_awaited(self) -> bool {
        match self {
            Self::Running
            | Self::Cancelling {
                interest: Interest::Waits,
            } => true,
            Self::Cancelling {
                interest: Interest::Answered,
            }
            | Self::Resident => false,
        }
    }

    /// Whether it is worth keeping a poisoned runner for.
    pub(super) fn is_worth_keeping(self) -> bool {
        self.is_awaited() || self == Self::Resident
    }
}

/// All leases of a pool, with the sums that its counts show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Leases {
    by_caller: BTreeMap<CallerId, Lease>,
    /// The slots that keep values; every other one has one lease.
    kept: BTreeMap<u64, KeptSlot>,
    awaited: usize,
    awaited_of: ByKind<usize>,
    residents: usize,
}

impl Leases {
    pub(super) fn is_empty(&self) -> bool {
        self.by_caller.is_empty()
    }

    /// How many callers wait for an answer.
    pub(super) fn awaited(&self) -> usize {
        self.awaited
    }

    /// How many callers of one kind wait for an answer.
    pub(super) fn awaited_of(&self, kind: CallerKind) -> usize {
        *self.awaited_of.of(kind)
    }

    /// How many slots are taken by left values.
    pub(super) fn residents(&self) -> usize {
        self.residents
    }

    /// How many slots are taken by work whose caller has left or was answered.
    pub(super) fn unconfirmed(&self) -> usize {
        self.by_caller.len() - self.awaited - self.residents
    }

    pub(super) fn get(&self, caller: CallerId) -> Option<&Lease> {
        self.by_caller.get(&caller)
    }

    /// What is in a slot that keeps values.
    pub(super) fn occupancy(&self, slot: u64) -> Occupancy {
        match self.kept.get(&slot).and_then(|kept| kept.worker) {
            None => Occupancy::Values,
            Some(_) => Occupancy::Work,
        }
    }

    /// Takes in work. Returns whether others had its slot before.
    pub(super) fn insert(&mut self, lease: Lease) -> Share {
        self.count(lease.ticket.kind, lease.stage, 1);
        let share = match self.kept.get_mut(&lease.slot) {
            Some(kept) => {
                debug_assert!(kept.worker.is_none(), "two calls work in one slot");
                kept.worker = Some(lease.ticket.caller);
                Share::WithOthers
            }
            None => Share::Whole,
        };
        let before = self.by_caller.insert(lease.ticket.caller, lease);
        debug_assert!(before.is_none(), "a caller has two leases");
        share
    }

    /// Ends a lease. Returns whether others still have its slot.
    pub(super) fn remove(&mut self, caller: CallerId) -> Option<(Lease, Share)> {
        let lease = self.by_caller.remove(&caller)?;
        self.count(lease.ticket.kind, lease.stage, -1);
        let share = self.leave_slot(&lease);
        Some((lease, share))
    }

    /// Changes what takes the slot.
    pub(super) fn set_stage(&mut self, caller: CallerId, stage: LeaseStage) {
        if let Some(lease) = self.by_caller.get_mut(&caller) {
            let before = std::mem::replace(&mut lease.stage, stage);
            let (kind, slot) = (lease.ticket.kind, lease.slot);
            self.count(kind, before, -1);
            self.count(kind, stage, 1);
            if stage == LeaseStage::Resident {
                let kept = self.kept.entry(slot).or_default();
                kept.groups += 1;
                kept.worker = None;
            }
        }
    }

    /// Work that outlives the values in its slot has the slot to itself.
    fn leave_slot(&mut self, lease: &Lease) -> Share {
        let Some(kept) = self.kept.get_mut(&lease.slot) else {
            return Share::Whole;
        };
        if lease.stage == LeaseStage::Resident {
            kept.groups -= 1;
        } else {
            kept.worker = None;
        }
        let (groups, worker) = (kept.groups, kept.worker);
        if groups == 0 {
            self.kept.remove(&lease.slot);
        }
        match (groups, worker) {
            (0, None) => Share::Whole,
            _ => Share::WithOthers,
        }
    }

    /// Notes that a child has begun its life, and gives what its deadline was. `None` if it has begun before, or
    /// if it is none.
    pub(super) fn accept(&mut self, caller: CallerId) -> Option<Accepted> {
        let lease = self.by_caller.get_mut(&caller)?;
        let is_child = lease.ticket.kind == CallerKind::Child;
        if !is_child || lease.is_accepted || !lease.stage.is_awaited() {
            return None;
        }
        lease.is_accepted = true;
        lease.ticket.retries = 0;
        lease.ticket.queue_deadline = None;
        Some(Accepted {
            deadline: lease.ticket.deadline.take(),
        })
    }

    pub(super) fn set_grace(&mut self, caller: CallerId, until: Option<Instant>) {
        if let Some(lease) = self.by_caller.get_mut(&caller) {
            lease.grace_until = until;
        }
    }

    fn count(&mut self, kind: CallerKind, stage: LeaseStage, by: isize) {
        if stage.is_awaited() {
            self.awaited = self.awaited.saturating_add_signed(by);
            let awaited_of = self.awaited_of.of_mut(kind);
            *awaited_of = awaited_of.saturating_add_signed(by);
        }
        if stage == LeaseStage::Resident {
            self.residents = self.residents.saturating_add_signed(by);
        }
    }
}
