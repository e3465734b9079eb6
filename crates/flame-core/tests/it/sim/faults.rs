use std::collections::{BTreeMap, BTreeSet};

use super::dice::Dice;

/// What can go wrong, or at least not smoothly, in a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The backend refuses a boot for the moment.
    BootRefused,
    /// The backend refuses every boot for a while.
    Outage,
    /// The backend refuses a boot for good.
    BootRejected,
    /// An instance never calls back.
    BootHangs,
    /// An instance calls back after it was given up.
    BootLate,
    /// An instance calls back a second time.
    CalledBackTwice,
    /// A runner dies.
    RunnerDies,
    /// A runner drains for a reason of its own.
    RunnerDrains,
    /// A runner refuses every call that it is granted.
    RunnerOutOfStep,
    /// A runner refuses a call that it was granted.
    CallReturned,
    /// Work takes longer than a runner is patient.
    WorkIsLong,
    /// Work does not react to its cancel.
    CancelIgnored,
    /// Work leaves values behind.
    ValuesLeft,
    /// A caller needs values that were left behind.
    CallerIsPinned,
    /// A caller goes away.
    CallerLeaves,
    /// A caller has little time.
    CallerHurries,
    /// A runner does not answer whether it is idle.
    IdleUnanswered,
    /// A runner does not want to go.
    IdleDenied,
    /// The backend cannot destroy an instance.
    DestroyFails,
    /// A draining runner does not say goodbye.
    DrainHangs,
    /// News come twice.
    NewsRepeated,
    /// News are about somebody unknown.
    NewsOfStrangers,
    /// Time jumps forward, as after a suspended host.
    TimeJumps,
    /// The pool is told an instant before the latest one.
    TimeGoesBack,
    /// News overtake a deadline that has passed.
    WokenLate,
    /// Work ends without a result.
    WorkFails,
    /// A caller's work may be begun again.
    CallerIsIdempotent,
    /// The owner changes limits and timeouts.
    LimitsChange,
    /// The pool is to serve whom it has, and to end.
    PoolDrains,
    /// The pool shuts down in the middle of it all.
    Shutdown,
    /// The pool is to end without waiting for any work.
    PoolIsKilled,
}

impl Fault {
    const ALL: [Self; 31] = [
        Self::BootRefused,
        Self::Outage,
        Self::BootRejected,
        Self::BootHangs,
        Self::BootLate,
        Self::CalledBackTwice,
        Self::RunnerDies,
        Self::RunnerDrains,
        Self::RunnerOutOfStep,
        Self::CallReturned,
        Self::WorkIsLong,
        Self::CancelIgnored,
        Self::ValuesLeft,
        Self::CallerIsPinned,
        Self::CallerLeaves,
        Self::CallerHurries,
        Self::IdleUnanswered,
        Self::IdleDenied,
        Self::DestroyFails,
        Self::DrainHangs,
        Self::NewsRepeated,
        Self::NewsOfStrangers,
        Self::TimeJumps,
        Self::TimeGoesBack,
        Self::WokenLate,
        Self::WorkFails,
        Self::CallerIsIdempotent,
        Self::LimitsChange,
        Self::PoolDrains,
        Self::Shutdown,
        Self::PoolIsKilled,
    ];
}

/// The faults of one life: every seed switches a random subset on, so that some lives are nearly calm
/// and combinations are tried that a fixed mixture would hardly ever show.
#[derive(Clone, Debug)]
pub(crate) struct Faults {
    on: BTreeSet<Fault>,
    exercised: FaultCounts,
}

/// How often each fault was exercised.
pub(crate) type FaultCounts = BTreeMap<Fault, u64>;

impl Faults {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let on = Fault::ALL.into_iter().filter(|_| dice.one_in(3)).collect();
        let exercised = Fault::ALL.into_iter().map(|fault| (fault, 0)).collect();
        Self { on, exercised }
    }

    /// Decides whether the fault strikes now, which it does once in `n` times where it is on.
    pub(crate) fn strikes(&mut self, fault: Fault, n: u64, dice: &mut Dice) -> bool {
        let strikes = self.looms(fault, n, dice);
        if strikes {
            self.struck(fault);
        }
        strikes
    }

    /// Decides whether the fault will strike if things go on long enough; [`Self::struck`] tells when.
    pub(crate) fn looms(&mut self, fault: Fault, n: u64, dice: &mut Dice) -> bool {
        self.on.contains(&fault) && dice.one_in(n)
    }

    /// Counts a fault.
    pub(crate) fn struck(&mut self, fault: Fault) {
        *self.exercised.entry(fault).or_default() += 1;
    }

    /// Switches every fault off.
    pub(crate) fn heal(&mut self) {
        self.on.clear();
    }

    pub(crate) fn exercised(&self) -> &FaultCounts {
        &self.exercised
    }
}
