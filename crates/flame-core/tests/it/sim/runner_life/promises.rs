//! What a runner promises.

use std::time::Instant;

use flame_core::runner::exit;
use flame_core::terminator::{Link, TerminatorAction, TerminatorEvent, TerminatorState};

use super::Step;
use super::book::{Book, Check};

/// Nothing, or the name of a promise and how it was broken.
type Verdict = Result<(), (&'static str, String)>;

fn promise(name: &'static str, is_kept: bool, detail: impl FnOnce() -> String) -> Verdict {
    if is_kept {
        Ok(())
    } else {
        Err((name, detail()))
    }
}

/// Looks at an action before the book takes note of it.
pub(super) fn on_action(book: &Book, step: &Step, action: TerminatorAction) -> Verdict {
    let (name, is_kept) = match action {
        TerminatorAction::StartCall { call } => (
            "work starts only while serving",
            is_about(step, call) && book.is_serving() && has_room(book),
        ),
        TerminatorAction::RefuseCall { call, draining } => (
            "work is refused only for cause",
            is_about(step, call) && draining != book.is_serving() && (draining || !has_room(book)),
        ),
        TerminatorAction::CancelCall { call } => {
            let is_wanted = step.event == Some(TerminatorEvent::CancelRequested { call });
            let running = book.calls.get(&call);
            let is_new = running.is_some_and(|call| !call.is_cancelled);
            let is_due = book.leaving.is_some_and(|leaving| {
                let is_linked = running.is_some_and(|call| call.link == Link::Linked);
                leaving.work_until <= step.now || leaving.is_lost && is_linked
            });
            let has_cause = is_wanted || is_due && !book.is_over();
            ("work is cancelled only for cause", is_new && has_cause)
        }
        TerminatorAction::AnswerIdle { idle } => ("idle means idle", may_answer(book, step, idle)),
        TerminatorAction::RunIdleCheck => (
            "a check has a question",
            book.settings.has_idle_check
                && step.event == Some(TerminatorEvent::IdleProposed)
                && book.check == Check::None
                && book.is_idle(),
        ),
        TerminatorAction::AnnounceDraining => {
            let is_new = book
                .leaving
                .is_some_and(|leaving| leaving.since == step.now);
            let is_asked = matches!(step.event, Some(TerminatorEvent::DrainRequested { .. }));
            ("a drain is announced", is_new && is_asked)
        }
        TerminatorAction::SayGoodbye => {
            let has_parent = book.leaving.is_some_and(|leaving| !leaving.is_lost);
            let is_first = !book.said_goodbye && !book.is_over();
            (
                "goodbye is the end",
                is_first && has_parent && is_free(book, step.now),
            )
        }
        TerminatorAction::Stop { code } => ("a stop has a cause", may_stop(book, step, code)),
        TerminatorAction::ExitProcess { code } => ("an exit is due", may_exit(book, step, code)),
    };
    promise(name, is_kept, || {
        format!("{action:?} at {:?}: {book:?}", step.event)
    })
}

/// Looks at everything when the step is done.
pub(super) fn on_step(book: &Book, state: &TerminatorState, step: &Step) -> Verdict {
    let now = step.now;
    promise("runners count", state.running() == book.calls.len(), || {
        format!("{} calls run, and {:?} should", state.running(), book.calls)
    })?;
    let is_late = !book.is_attached && !book.is_over() && book.attach_by <= now;
    promise("a runner nobody wants ends", !is_late, || {
        "it waits".to_owned()
    })?;
    let answers = step
        .actions
        .iter()
        .filter(|action| is_answer(**action))
        .count();
    promise("one answer each", answers == questions(step), || {
        format!("{:?} had {:?}", step.event, step.actions)
    })?;
    // A question is open only while a check runs that will answer it.
    let waits = book.check == Check::Runs;
    promise(
        "every question is answered",
        waits == (book.questions > 0),
        || format!("{:?} with {} questions", book.check, book.questions),
    )?;
    let next = state.poll_timeout();
    promise(
        "timers make progress",
        next.is_none_or(|(at, _)| at > now),
        || format!("{next:?}"),
    )?;
    let is_calm = !step.for_nothing || step.actions.is_empty();
    promise("nothing comes of nothing", is_calm, || {
        format!("{:?}", step.actions)
    })?;
    wishes_are_granted(book, step)?;
    leaving_ends(book, now)
}

fn wishes_are_granted(book: &Book, step: &Step) -> Verdict {
    match step.event {
        Some(
            TerminatorEvent::Refused
            | TerminatorEvent::DrainRequested { .. }
            | TerminatorEvent::ParentLost { .. },
        ) if !book.is_attached => promise("who is not wanted goes", book.is_over(), || {
            "it stays".to_owned()
        }),
        Some(TerminatorEvent::CancelRequested { call }) => {
            let goes_on = book.calls.get(&call).is_some_and(|call| !call.is_cancelled);
            promise("a cancel is passed on", !goes_on, || {
                format!("{call} goes on")
            })
        }
        Some(TerminatorEvent::DrainRequested { .. }) => {
            let is_begun = book
                .leaving
                .is_some_and(|leaving| leaving.since == step.now);
            let is_lost = book.leaving.is_some_and(|leaving| leaving.is_lost);
            let announced = step.actions.contains(&TerminatorAction::AnnounceDraining);
            let is_kept = announced || !is_begun || is_lost || step.was_leaving;
            promise("a drain is announced", is_kept, || {
                "nobody was told".to_owned()
            })
        }
        _ => Ok(()),
    }
}

fn leaving_ends(book: &Book, now: Instant) -> Verdict {
    if let Some(stopped) = book.stopped {
        let is_over = book.exited.is_some() || stopped.until > now;
        return promise("a stop is seen through", is_over, || {
            "main hangs".to_owned()
        });
    }
    let Some(leaving) = book.leaving.filter(|_| !book.is_over()) else {
        return Ok(());
    };
    promise("a runner without work goes", !book.calls.is_empty(), || {
        "it stays".to_owned()
    })?;
    for (id, call) in &book.calls {
        let may_go_on = call.is_cancelled
            || leaving.work_until > now && (!leaving.is_lost || call.link == Link::Detached);
        promise("work does not outlive its time", may_go_on, || {
            format!("{id:?} goes on")
        })?;
    }
    let is_patient = book.grace_until().is_none_or(|until| until > now);
    promise("grace ends", is_patient, || {
        "cancelled work is waited for".to_owned()
    })
}

/// Whether this is the right answer to the question whether the runner agrees to go.
fn may_answer(book: &Book, step: &Step, idle: bool) -> bool {
    let says = |idle| step.event == Some(TerminatorEvent::IdleChecked { idle });
    let is_agreed = !book.settings.has_idle_check || says(true) && step.check_before == Check::Runs;
    let is_right = if idle {
        book.is_idle() && is_agreed
    } else {
        // A call comes, the user says no, or a check runs for nothing.
        let is_called = matches!(step.event, Some(TerminatorEvent::CallReceived { .. }));
        let is_voided = is_called && book.check == Check::Runs && has_room(book);
        !book.is_idle() || says(false) || is_voided || step.check_before == Check::Void
    };
    is_right && book.questions > 0
}

fn may_stop(book: &Book, step: &Step, code: i32) -> bool {
    let is_refusal = step.event == Some(TerminatorEvent::Refused);
    let is_drain = matches!(step.event, Some(TerminatorEvent::DrainRequested { .. }));
    let is_loss = matches!(step.event, Some(TerminatorEvent::ParentLost { .. }));
    let is_lost = book.leaving.is_some_and(|leaving| leaving.is_lost);
    let has_cause = match code {
        exit::ATTACH_TIMEOUT => !book.is_attached && book.attach_by <= step.now,
        exit::REFUSED => !book.is_attached && is_refusal,
        exit::DONE => book.said_goodbye || !book.is_attached && is_drain,
        exit::PARENT_LOST => is_lost && book.calls.is_empty() || !book.is_attached && is_loss,
        _ => false,
    };
    has_cause && !book.is_over()
}

fn may_exit(book: &Book, step: &Step, code: i32) -> bool {
    let is_due = match book.stopped {
        Some(stopped) => stopped.code == code && stopped.until <= step.now,
        None => {
            let is_lost = book.leaving.is_some_and(|leaving| leaving.is_lost);
            is_lost && code == exit::PARENT_LOST && is_free(book, step.now)
        }
    };
    is_due && book.exited.is_none()
}

/// Whether no work is left, or none that listens.
fn is_free(book: &Book, now: Instant) -> bool {
    book.calls.is_empty() || book.grace_until().is_some_and(|until| until <= now)
}

fn has_room(book: &Book) -> bool {
    book.calls.len() < book.settings.max_concurrency
}

fn is_about(step: &Step, id: flame_core::CallId) -> bool {
    matches!(step.event, Some(TerminatorEvent::CallReceived { call, .. }) if call == id)
}

fn is_answer(action: TerminatorAction) -> bool {
    matches!(
        action,
        TerminatorAction::StartCall { .. } | TerminatorAction::RefuseCall { .. }
    )
}

fn questions(step: &Step) -> usize {
    match step.event {
        Some(TerminatorEvent::CallReceived { .. }) => usize::from(!step.is_known),
        _ => 0,
    }
}
