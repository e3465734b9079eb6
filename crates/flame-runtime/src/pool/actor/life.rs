//! What runs on the runner.

use flame_task::{Ctx, RecvError, Rx, Task, task};
use serde::{Deserialize, Serialize};

use super::Actor;
use super::mailbox::Mail;

/// How a child ended, when nothing ended it from outside.
#[derive(Serialize, Deserialize)]
pub(super) enum ChildEnd<E> {
    /// In order.
    Stopped(E),
    /// It could not start.
    NotStarted(String),
    /// It could not go on.
    Failed(String),
}

/// Whether a child whose mailbox nobody can write to any more ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Unheard {
    Ends,
    LivesOn,
}

/// The whole life of a child, as a task.
pub(super) fn of<A: Actor>(
    args: A::Args,
    mail: Rx<Mail<A::Msg>>,
    unheard: Unheard,
) -> Task<ChildEnd<A::Exit>> {
    task!(|args, mail, unheard, cx: Ctx| async move { live::<A>(args, mail, unheard, cx).await })
        .called(std::any::type_name::<A>)
}

async fn live<A: Actor>(
    args: A::Args,
    mut mail: Rx<Mail<A::Msg>>,
    unheard: Unheard,
    cx: Ctx,
) -> ChildEnd<A::Exit> {
    let mut actor = match A::start(args, &cx).await {
        Ok(actor) => actor,
        Err(error) => return ChildEnd::NotStarted(format!("{error:#}")),
    };
    cx.accept();
    let mut listens = true;
    while !actor.is_done() {
        let received = tokio::select! {
            biased;
            () = cx.draining() => break,
            received = mail.recv(), if listens => received,
        };
        match received {
            Ok(Some(Mail::Message(message))) => {
                if let Err(error) = actor.handle(message, &cx).await {
                    return ChildEnd::Failed(format!("{error:#}"));
                }
            }
            Ok(Some(Mail::Stop)) => break,
            Err(error @ RecvError::Codec { .. }) => return ChildEnd::Failed(error.to_string()),
            // Nobody is left who could say anything.
            Ok(None) | Err(_) => match unheard {
                Unheard::Ends => break,
                Unheard::LivesOn => listens = false,
            },
        }
    }
    ChildEnd::Stopped(actor.stop(&cx).await)
}
