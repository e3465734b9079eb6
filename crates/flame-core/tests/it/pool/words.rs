use std::time::Instant;

use flame_core::pool::{
    CallerKind, CancelReason, PoolAction, PoolEvent, PoolTotals, RejectReason, Retry, SlotAfter,
    TimerReason, WorkEnd,
};
use flame_core::{CallerId, RunnerId};

use crate::script::{number, span};

/// Reads what happens.
pub(super) fn event(words: &[&str], now: Instant) -> PoolEvent {
    match *words {
        ["checkout", who, ref terms @ ..] => checkout(caller(who), terms, now),
        ["gone", who] => PoolEvent::CallerGone {
            caller: caller(who),
        },
        ["accepted", who] => PoolEvent::ChildAccepted {
            caller: caller(who),
        },
        ["ended", who] => ended(who, WorkEnd::Returned, SlotAfter::Free),
        ["ended", who, "leaving", "values"] => {
            ended(who, WorkEnd::Returned, SlotAfter::KeptByResidents)
        }
        ["failed", who, "to", "return"] => ended(who, WorkEnd::Failed, SlotAfter::Free),
        ["refused", who] => ended(who, WorkEnd::NotStarted, SlotAfter::Free),
        ["cancelled", who] => ended(who, WorkEnd::Cancelled, SlotAfter::Free),
        ["returned", who] => PoolEvent::CallReturned {
            caller: caller(who),
        },
        ["released", who] => PoolEvent::ResidentsReleased {
            caller: caller(who),
        },
        ["attached", which] => PoolEvent::RunnerAttached {
            runner: runner(which),
        },
        ["failed", which] => failed(which, Retry::Later),
        ["failed", which, "for", "good"] => failed(which, Retry::Never),
        ["idle", which] => answered(which, true),
        ["busy", which] => answered(which, false),
        ["draining", which] => PoolEvent::RunnerDraining {
            runner: runner(which),
        },
        ["finished", which] => PoolEvent::RunnerFinished {
            runner: runner(which),
        },
        ["lost", which] => PoolEvent::RunnerLost {
            runner: runner(which),
        },
        ["silent", which] => PoolEvent::RunnerSilent {
            runner: runner(which),
        },
        ["destroyed", which] => PoolEvent::InstanceGone {
            runner: runner(which),
        },
        ["undestroyed", which] => PoolEvent::DestroyFailed {
            runner: runner(which),
        },
        ["drain"] => PoolEvent::DrainRequested { until: None },
        ["drain", "within", time] => PoolEvent::DrainRequested {
            until: now.checked_add(span(time)),
        },
        ["shutdown"] => PoolEvent::ShutdownRequested,
        ["kill"] => PoolEvent::KillRequested,
        _ => panic!("{words:?} cannot happen to a pool"),
    }
}

/// Says what the pool does.
pub(super) fn action(action: PoolAction) -> String {
    match action {
        PoolAction::BootInstance { runner } => format!("boot {runner}"),
        PoolAction::WelcomeRunner { runner } => format!("welcome {runner}"),
        PoolAction::RefuseRunner { runner } => format!("refuse {runner}"),
        PoolAction::GrantSlot { caller, runner } => format!("grant {} {runner}", name(caller)),
        PoolAction::RejectCaller { caller, reason } => {
            format!("reject {}: {}", name(caller), rejection(reason))
        }
        PoolAction::RetryCaller { caller, runner } => {
            format!("try {} again, lost on {runner}", name(caller))
        }
        PoolAction::ExpireCaller { caller } => format!("expire {}", name(caller)),
        PoolAction::LoseCaller { caller, runner } => format!("lose {} on {runner}", name(caller)),
        PoolAction::CancelCall {
            caller,
            runner,
            reason,
        } => format!(
            "cancel {} on {runner}: {}",
            name(caller),
            cancellation(reason)
        ),
        PoolAction::LoseResidents { caller, runner } => {
            format!("lose what {} left on {runner}", name(caller))
        }
        PoolAction::ProposeIdle { runner } => format!("ask {runner} to go"),
        PoolAction::DrainRunner { runner, reason } => format!("drain {runner} {reason}"),
        PoolAction::FailBoot { runner } => format!("fail the boot of {runner}"),
        PoolAction::TellLimits { runner } => format!("tell {runner} its limits"),
        PoolAction::DestroyInstance { runner } => format!("destroy {runner}"),
        PoolAction::SuspectLink => "suspect the own link".to_owned(),
        PoolAction::ConfirmShutdown => "confirm shutdown".to_owned(),
    }
}

/// Says why the pool is woken.
pub(super) fn reason(reason: TimerReason) -> String {
    match reason {
        TimerReason::QueueDeadline { caller } => format!("queue deadline of {}", name(caller)),
        TimerReason::CallDeadline { caller } => format!("deadline of {}", name(caller)),
        TimerReason::CancelGrace { caller } => format!("end of the grace of {}", name(caller)),
        TimerReason::BootTimeout { runner } => format!("boot timeout of {runner}"),
        TimerReason::BootRetry => "end of the pause".to_owned(),
        TimerReason::IdleCheck => "idle check".to_owned(),
        TimerReason::SurplusBoot => "end of a boot too many".to_owned(),
        TimerReason::DrainTimeout { runner } => format!("drain timeout of {runner}"),
        TimerReason::DrainGrace { runner } => format!("end of the drain grace of {runner}"),
        TimerReason::PoisonTimeout { runner } => format!("poison timeout of {runner}"),
        TimerReason::DestroyRetry { runner } => format!("destroy retry of {runner}"),
        TimerReason::PoolDrainTimeout => "drain timeout of the pool".to_owned(),
    }
}

/// Says what has become of the callers of one kind, without what has become of none.
pub(super) fn outcomes(kind: CallerKind, totals: &PoolTotals) -> String {
    let outcomes = [
        (totals.returned, "returned"),
        (totals.failed, "failed"),
        (totals.not_started, "not started"),
        (totals.cancelled, "cancelled"),
        (totals.rejected.sum(), "rejected"),
        (totals.expired, "expired"),
        (totals.lost, "lost"),
        (totals.left, "left"),
        (totals.given_back, "given back"),
        (totals.retried, "tried again"),
    ];
    let present: Vec<_> = outcomes
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, name)| format!(", {count} {name}"))
        .collect();
    format!("{kind:?}: {} came{}", totals.submitted, present.concat())
}

fn checkout(caller: CallerId, terms: &[&str], now: Instant) -> PoolEvent {
    let (mut deadline, mut queue_deadline, mut retries, mut pin) = (None, None, 0, None);
    let mut kind = CallerKind::Call;
    for word in terms {
        match word.split_once('=').unwrap_or((word, "")) {
            ("deadline", time) => deadline = Some(now + span(time)),
            ("queue", time) => queue_deadline = Some(now + span(time)),
            ("retries", count) => retries = number(count),
            ("pin", whose) => pin = Some(self::caller(whose)),
            ("cast", "") => kind = CallerKind::Cast,
            ("child", "") => kind = CallerKind::Child,
            (term, _) => panic!("{term:?} is nothing that a caller says"),
        }
    }
    PoolEvent::CheckoutRequested {
        caller,
        kind,
        deadline,
        queue_deadline,
        retries,
        pin,
    }
}

fn ended(who: &str, end: WorkEnd, slot: SlotAfter) -> PoolEvent {
    PoolEvent::CallEnded {
        caller: caller(who),
        end,
        slot,
    }
}

fn failed(which: &str, retry: Retry) -> PoolEvent {
    PoolEvent::BootFailed {
        runner: runner(which),
        retry,
    }
}

fn answered(which: &str, idle: bool) -> PoolEvent {
    PoolEvent::IdleAnswered {
        runner: runner(which),
        idle,
    }
}

fn rejection(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::QueueFull => "the queue is full",
        RejectReason::QueueTimeout => "no slot in time",
        RejectReason::BootFailed => "boots fail",
        RejectReason::PoolShutdown => "shutdown",
        RejectReason::ResidentsGone => "values gone",
    }
}

fn cancellation(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::CallerGone => "caller gone",
        CancelReason::DeadlinePassed => "deadline",
        CancelReason::PoolShutdown => "shutdown",
        CancelReason::DrainTimeout => "drain timeout",
    }
}

fn caller(who: &str) -> CallerId {
    match who.as_bytes() {
        [letter @ b'a'..=b'z'] => CallerId(u64::from(*letter)),
        _ => panic!("{who:?} is not a caller's letter"),
    }
}

fn name(caller: CallerId) -> char {
    u8::try_from(caller.0).map_or('?', char::from)
}

fn runner(which: &str) -> RunnerId {
    RunnerId(number(which))
}
