use flame_core::CallId;
use flame_core::terminator::{Link, ParentLoss, TerminatorAction, TerminatorEvent, TimerReason};

use crate::script::{number, span};

/// Reads what happens.
pub(super) fn event(words: &[&str]) -> TerminatorEvent {
    match *words {
        ["attached"] => TerminatorEvent::Attached,
        ["refused"] => TerminatorEvent::Refused,
        ["call", which] => received(which, Link::Linked),
        ["call", which, "detached"] => received(which, Link::Detached),
        ["ended", which] => TerminatorEvent::CallEnded { call: call(which) },
        ["cancel", which] => TerminatorEvent::CancelRequested { call: call(which) },
        ["residents", count] => TerminatorEvent::ResidentsChanged {
            residents: number(count),
        },
        ["idle?"] => TerminatorEvent::IdleProposed,
        ["checked", "idle"] => TerminatorEvent::IdleChecked { idle: true },
        ["checked", "busy"] => TerminatorEvent::IdleChecked { idle: false },
        ["settings", concurrency, shutdown, grace] => TerminatorEvent::SettingsChanged {
            max_concurrency: number(concurrency),
            shutdown_timeout: span(shutdown),
            cancel_grace: span(grace),
        },
        ["drain", time] => TerminatorEvent::DrainRequested {
            timeout: span(time),
        },
        ["lost"] => lost(ParentLoss::Closed),
        ["lost", "silently"] => lost(ParentLoss::Silent),
        _ => panic!("{words:?} cannot happen to a runner"),
    }
}

/// Says what the terminator does.
pub(super) fn action(action: TerminatorAction) -> String {
    match action {
        TerminatorAction::StartCall { call } => format!("start {call}"),
        TerminatorAction::RefuseCall {
            call,
            draining: true,
        } => format!("refuse {call}: draining"),
        TerminatorAction::RefuseCall {
            call,
            draining: false,
        } => format!("refuse {call}: full"),
        TerminatorAction::CancelCall { call } => format!("cancel {call}"),
        TerminatorAction::RunIdleCheck => "run the idle check".to_owned(),
        TerminatorAction::AnswerIdle { idle: true } => "answer idle".to_owned(),
        TerminatorAction::AnswerIdle { idle: false } => "answer busy".to_owned(),
        TerminatorAction::AnnounceDraining => "announce draining".to_owned(),
        TerminatorAction::SayGoodbye => "say goodbye".to_owned(),
        TerminatorAction::Stop { code } => format!("stop with {code}"),
        TerminatorAction::ExitProcess { code } => format!("exit the process with {code}"),
    }
}

/// Says why the terminator is woken.
pub(super) fn reason(reason: TimerReason) -> &'static str {
    match reason {
        TimerReason::AttachTimeout => "attach timeout",
        TimerReason::WorkTimeout => "work timeout",
        TimerReason::CancelGrace => "end of the grace",
        TimerReason::Failsafe => "failsafe",
    }
}

fn received(which: &str, link: Link) -> TerminatorEvent {
    TerminatorEvent::CallReceived {
        call: call(which),
        link,
    }
}

fn lost(how: ParentLoss) -> TerminatorEvent {
    TerminatorEvent::ParentLost { how }
}

fn call(which: &str) -> CallId {
    CallId(number(which))
}
