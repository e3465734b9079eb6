use std::any::type_name;
use std::fmt;
use std::future::poll_fn;

use flame_proto::frame::Announce;
use flame_task::{SendError, Wire, channel};

use super::Actor;
use super::life::{self, ChildEnd, Unheard};
use super::mailbox::Mailbox;
use super::reply::{AskError, Reply};
use crate::error::CallError;
use crate::pool::Pool;
use crate::pool::pending::Pending;
use crate::pool::place::{Begun, PlaceOptions, place};

/// A child: an [`Actor`] that lives on a runner and takes a slot there until it ends.
///
/// Made by [`Pool::place_child`]. **Dropping it ends the child**, at once and without its `stop`, unless it was placed
/// [`detached`](PlaceOptions::detached). How the child ends is told once, by [`closed`](Self::closed) or
/// [`stop`](Self::stop).
#[must_use = "dropping it ends the child"]
pub struct Placed<A: Actor> {
    pending: Pending<ChildEnd<A::Exit>>,
    mailbox: Mailbox<A::Msg>,
}

impl Pool {
    /// Starts an [`Actor`] on one of the pool's runners, to live there. Returns when it has started.
    ///
    /// It takes a slot until it ends, and has no deadline from then on. It is told one message after the other, through
    /// its handle. When its runner is to end, because the pool shuts down for instance, it is stopped in order, and
    /// killed if that takes longer than `shutdown_timeout`.
    ///
    /// A pool that [drains](Self::drain) waits for its children, as for all its work.
    ///
    /// # Errors
    ///
    /// As for a [`Call`](crate::Call): it did not start, or not within the deadline.
    /// [`CallError::StartFailed`](crate::CallError::StartFailed) has the words of its `start`.
    #[doc(alias = "spawn")]
    pub async fn place_child<A: Actor>(&self, args: A::Args) -> Result<Placed<A>, CallError> {
        self.place_child_with(args, PlaceOptions::new()).await
    }

    /// As [`place_child`](Self::place_child), on these terms.
    ///
    /// # Errors
    ///
    /// As for [`place_child`](Self::place_child).
    pub async fn place_child_with<A: Actor>(
        &self,
        args: A::Args,
        options: PlaceOptions,
    ) -> Result<Placed<A>, CallError> {
        let (sender, mail) = channel();
        let unheard = if options.is_detached() {
            Unheard::LivesOn
        } else {
            Unheard::Ends
        };
        let task = life::of::<A>(args, mail, unheard);
        let pool = self.owner().clone();
        match place(pool, task, options, Announce::WhenReady).await? {
            Begun::Lives(pending) => Ok(Placed {
                pending,
                mailbox: Mailbox::new(sender),
            }),
            Begun::Ended(end) => Err(match exit::<A>(end) {
                Err(error) => error,
                // It lives before it can end in order; a runner that has forgotten to say so is broken.
                Ok(_) => CallError::Cancelled {
                    task: type_name::<A>(),
                },
            }),
        }
    }
}

impl<A: Actor> Placed<A> {
    /// See [`Mailbox::send`].
    ///
    /// # Errors
    ///
    /// As for [`Mailbox::send`].
    pub async fn send(&self, message: A::Msg) -> Result<(), SendError<A::Msg>> {
        self.mailbox.send(message).await
    }

    /// See [`Mailbox::ask`].
    ///
    /// # Errors
    ///
    /// As for [`Mailbox::ask`].
    pub async fn ask<T: Wire>(&self, ask: impl FnOnce(Reply<T>) -> A::Msg) -> Result<T, AskError> {
        self.mailbox.ask(ask).await
    }

    /// Where its messages go, for whoever else has something to say to it.
    pub fn mailbox(&self) -> Mailbox<A::Msg> {
        self.mailbox.clone()
    }

    /// Asks it to end in order, after what it was told before, and waits for its exit. One that takes longer than the
    /// pool's `shutdown_timeout` is killed.
    ///
    /// # Errors
    ///
    /// As for [`closed`](Self::closed); [`CallError::Cancelled`](crate::CallError::Cancelled) if it was killed.
    pub async fn stop(self) -> Result<A::Exit, CallError> {
        let Self {
            mut pending,
            mailbox,
        } = self;
        let patience = pending.shutdown_timeout();
        let asked = async {
            mailbox.stop().await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            end = poll_fn(|cx| pending.poll_result(cx)) => return exit::<A>(end?),
            () = asked => {}
            () = patience => {}
        }
        let task = pending.ticket().task();
        pending.cancel();
        Err(CallError::Cancelled { task })
    }

    /// Waits for its end, however that comes, and gives its exit. Dropping the future is dropping the handle: to speak to
    /// a child meanwhile, take its [`mailbox`](Self::mailbox) first.
    ///
    /// # Errors
    ///
    /// It failed, panicked, was killed, or was lost with its runner.
    pub async fn closed(mut self) -> Result<A::Exit, CallError> {
        exit::<A>(poll_fn(|cx| self.pending.poll_result(cx)).await?)
    }

    /// Kills it, also a detached one: what it does is dropped where it waits, and its `stop` does not run.
    pub fn abort(self) {
        self.pending.cancel();
    }

    /// Whether it has come to its end, so that [`closed`](Self::closed) returns at once.
    pub fn is_finished(&self) -> bool {
        self.pending.ticket().is_answered()
    }
}

fn exit<A: Actor>(end: ChildEnd<A::Exit>) -> Result<A::Exit, CallError> {
    let child = type_name::<A>();
    match end {
        ChildEnd::Stopped(exit) => Ok(exit),
        ChildEnd::NotStarted(message) => Err(CallError::StartFailed { child, message }),
        ChildEnd::Failed(message) => Err(CallError::ChildFailed { child, message }),
    }
}

impl<A: Actor> fmt::Debug for Placed<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Placed")
            .field("child", &type_name::<A>())
            .field("is_finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}
