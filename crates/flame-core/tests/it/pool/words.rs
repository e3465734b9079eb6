use std::time::Instant;

use flame_core::pool::{
    CancelReason, PoolAction, PoolEvent, RejectReason, Retry, SlotAfter, TimerReason,
};
use flame_core::{CallerId, RunnerId};

use crate::script::{number, pair, span};

/// Reads what happens.
pub(super) fn event(words: &[&str], now: Instant) -> PoolEvent {
    match *words {
        ["checkout", who, ref patience @ ..] => checkout(caller(who), patience, now),
        ["gone", who] => PoolEvent::CallerGone {
            caller: caller(who),
        },
        ["ended", who] => ended(who, SlotAfter::Free),
        ["ended", who, "leaving", "values"] => ended(who, SlotAfter::KeptByResidents),
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
        ["destroyed", which] => PoolEvent::InstanceGone {
            runner: runner(which),
        },
        ["undestroyed", which] => PoolEvent::DestroyFailed {
            runner: runner(which),
        },
        ["shutdown"] => PoolEvent::ShutdownRequested,
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
        PoolAction::DestroyInstance { runner } => format!("destroy {runner}"),
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
        TimerReason::DrainTimeout { runner } => format!("drain timeout of {runner}"),
        TimerReason::DrainGrace { runner } => format!("end of the drain grace of {runner}"),
        TimerReason::PoisonTimeout { runner } => format!("poison timeout of {runner}"),
        TimerReason::DestroyRetry { runner } => format!("destroy retry of {runner}"),
    }
}

fn checkout(caller: CallerId, patience: &[&str], now: Instant) -> PoolEvent {
    let (mut deadline, mut queue_deadline) = (None, None);
    for word in patience {
        match pair(word) {
            ("deadline", time) => deadline = Some(now + span(time)),
            ("queue", time) => queue_deadline = Some(now + span(time)),
            (kind, _) => panic!("{kind:?} is no kind of patience"),
        }
    }
    PoolEvent::CheckoutRequested {
        caller,
        deadline,
        queue_deadline,
    }
}

fn ended(who: &str, slot: SlotAfter) -> PoolEvent {
    PoolEvent::CallEnded {
        caller: caller(who),
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
