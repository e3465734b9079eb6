//! Each kind of caller is counted apart, and each caller by what became of it.

use flame_core::pool::{CallerKind, KindCounts, PoolTotals, RejectReason, Rejections, WorkEnd};

use super::super::books::{Books, CallerPage, Outcome, Place};
use super::super::life::{Life, Step};
use super::{Promise, Verdict, ensure};

pub(super) const PROMISE: Promise = Promise {
    numbers: "42",
    name: "kinds are conserved",
    on_action: None,
    on_step: Some(on_step),
};

fn on_step(life: &Life, _: &Step) -> Verdict {
    let counts = life.pool.counts();
    for kind in CallerKind::ALL {
        let (told, booked) = (counts.of(kind), booked(&life.books, kind));
        ensure!(told == booked, "{kind:?}: {told:?}, and booked {booked:?}");
    }
    ensure!(counts.are_conserved(), "somebody is missing: {counts:?}");
    Ok(())
}

fn booked(books: &Books, kind: CallerKind) -> KindCounts {
    let pages = books.callers.values().filter(|page| page.kind == kind);
    let mut counts = KindCounts::default();
    for page in pages {
        counts.totals.submitted += 1;
        counts.totals.granted += u64::from(page.grants);
        counts.totals.given_back += u64::from(page.returns);
        counts.totals.retried += u64::from(page.retried);
        match page.outcome {
            None => count_present(&mut counts, page),
            Some(outcome) => count_outcome(&mut counts.totals, outcome),
        }
    }
    counts
}

fn count_present(counts: &mut KindCounts, page: &CallerPage) {
    match page.place {
        Place::Waiting => counts.queued += 1,
        Place::Running { .. } => counts.running += 1,
        Place::Resident { .. } | Place::Done => {}
    }
}

fn count_outcome(totals: &mut PoolTotals, outcome: Outcome) {
    let count = match outcome {
        Outcome::Ended(WorkEnd::Returned) => &mut totals.returned,
        Outcome::Ended(WorkEnd::Failed) => &mut totals.failed,
        Outcome::Ended(WorkEnd::NotStarted) => &mut totals.not_started,
        Outcome::Ended(WorkEnd::Cancelled) => &mut totals.cancelled,
        Outcome::Rejected(reason) => rejections(&mut totals.rejected, reason),
        Outcome::Expired => &mut totals.expired,
        Outcome::Lost => &mut totals.lost,
        Outcome::Left => &mut totals.left,
    };
    *count += 1;
}

fn rejections(rejected: &mut Rejections, reason: RejectReason) -> &mut u64 {
    match reason {
        RejectReason::QueueFull => &mut rejected.queue_full,
        RejectReason::QueueTimeout => &mut rejected.queue_timeout,
        RejectReason::BootFailed => &mut rejected.boot_failed,
        RejectReason::PoolShutdown => &mut rejected.pool_shutdown,
        RejectReason::ResidentsGone => &mut rejected.residents_gone,
    }
}
