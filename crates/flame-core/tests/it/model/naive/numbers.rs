//! What the pool has and has done, counted anew each time.

use flame_core::pool::{CallerKind, KindCounts, PoolTotals, WorkEnd};
use flame_core::runner::RunnerPhase;

use super::super::caller::{Answer, Caller};
use super::super::numbers::Numbers;
use super::{Grant, Naive};

impl Naive {
    pub(in super::super) fn numbers(&self) -> Numbers {
        Numbers {
            stage: self.stage,
            unconfirmed: self.count_callers(|caller| caller.works() && !caller.runs()),
            pinned: self.count_callers(|caller| caller.waits() && caller.pin.is_some()),
            residents: self.count_callers(Caller::has_values),
            booting: self.count(RunnerPhase::Booting),
            ready: self.count(RunnerPhase::Ready),
            draining: self.count(RunnerPhase::Draining),
            poisoned: self.count(RunnerPhase::Poisoned),
            reaping: self.count(RunnerPhase::Reaping),
            boot_failures: self.pause.failed_boots.length,
            link_suspicions: self.suspicions,
            ignored: self.ignored,
            kinds: CallerKind::ALL.map(|kind| self.numbers_of(kind)).to_vec(),
        }
    }

    fn count_callers(&self, which: impl Fn(&Caller) -> bool) -> usize {
        self.callers.iter().filter(|caller| which(caller)).count()
    }

    fn numbers_of(&self, kind: CallerKind) -> KindCounts {
        use flame_core::pool::RejectReason::{
            BootFailed, PoolShutdown, QueueFull, QueueTimeout, ResidentsGone,
        };

        let of_kind = |which: &dyn Fn(&Caller) -> bool| {
            self.count_callers(|caller| caller.kind == kind && which(caller))
        };
        let answered = |answer| {
            let count = of_kind(&|caller| caller.answer == Some(answer));
            u64::try_from(count).unwrap()
        };
        let grants = |what| {
            let grants = self.tally.iter().filter(|&&grant| grant == (kind, what));
            u64::try_from(grants.count()).unwrap()
        };
        let mut totals = PoolTotals {
            submitted: u64::try_from(of_kind(&|_| true)).unwrap(),
            granted: grants(Grant::Given),
            given_back: grants(Grant::GivenBack),
            retried: grants(Grant::Retried),
            returned: answered(Answer::Ended(WorkEnd::Returned)),
            failed: answered(Answer::Ended(WorkEnd::Failed)),
            not_started: answered(Answer::Ended(WorkEnd::NotStarted)),
            cancelled: answered(Answer::Ended(WorkEnd::Cancelled)),
            expired: answered(Answer::Expired),
            lost: answered(Answer::Lost),
            left: answered(Answer::Left),
            ..PoolTotals::default()
        };
        totals.rejected.queue_full = answered(Answer::Rejected(QueueFull));
        totals.rejected.queue_timeout = answered(Answer::Rejected(QueueTimeout));
        totals.rejected.boot_failed = answered(Answer::Rejected(BootFailed));
        totals.rejected.pool_shutdown = answered(Answer::Rejected(PoolShutdown));
        totals.rejected.residents_gone = answered(Answer::Rejected(ResidentsGone));
        KindCounts {
            queued: of_kind(&Caller::waits),
            running: of_kind(&Caller::runs),
            totals,
        }
    }
}
