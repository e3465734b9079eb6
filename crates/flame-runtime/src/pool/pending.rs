use std::future::Future;
use std::task::{Context, Poll, ready};

use flame_task::{Decode, Outbound, Payload, Task, with_arrived};

use tokio::sync::oneshot;

use super::handle::Started;
use super::ticket::{Terms, Ticket, WhenLeft};
use crate::error::CallError;
use crate::runner;

/// What travels of a task, and how to read what comes back.
#[derive(Debug)]
pub(super) struct Work<R> {
    outbound: Outbound,
    decode: Decode<R>,
}

impl<R> Work<R> {
    pub(super) fn of(task: Task<R>) -> Result<Self, CallError> {
        let name = task.name();
        match task.into_parts() {
            Ok((outbound, decode)) => Ok(Self { outbound, decode }),
            Err(error) => Err(CallError::EncodeArgs {
                task: name,
                message: error.to_string(),
            }),
        }
    }
}

impl<R> Work<R> {
    pub(super) fn arguments(&mut self) -> &mut Payload {
        &mut self.outbound.payload
    }
}

/// Work that was handed to a pool, and whose result is still to come.
#[derive(Debug)]
pub(super) struct Pending<R> {
    ticket: Ticket,
    decode: Decode<R>,
}

impl<R> Pending<R> {
    /// Hands the work over. Whoever is refused at once is told so here.
    pub(super) fn submit(
        pool: Started,
        work: Result<Work<R>, CallError>,
        terms: Terms,
    ) -> Result<Self, CallError> {
        Self::hand_over(pool, work, terms, None)
    }

    /// As [`submit`](Self::submit), for work that is placed: `accepted` hears that it lives, or goes when it is certain
    /// that it does not. The result then says why.
    pub(super) fn place(
        pool: Started,
        work: Result<Work<R>, CallError>,
        terms: Terms,
        accepted: oneshot::Sender<()>,
    ) -> Result<Self, CallError> {
        Self::hand_over(pool, work, terms, Some(accepted))
    }

    fn hand_over(
        pool: Started,
        work: Result<Work<R>, CallError>,
        terms: Terms,
        accepted: Option<oneshot::Sender<()>>,
    ) -> Result<Self, CallError> {
        let Work { outbound, decode } = work?;
        let owner = pool.map_err(CallError::PoolNotStarted)?;
        runner::check_nesting().map_err(CallError::PoolNotStarted)?;
        let ticket = Ticket::submit(owner, outbound, terms, accepted)?;
        Ok(Self { ticket, decode })
    }

    /// The result, once it is here. What then comes of dropping this is as the terms say.
    pub(super) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<Result<R, CallError>> {
        let output = ready!(self.ticket.poll_answer(cx))?;
        let decoded = with_arrived(output.left, || (self.decode)(output.payload));
        let result = decoded.map_err(|error| CallError::DecodeResult {
            task: self.ticket.task(),
            message: error.to_string(),
        });
        Poll::Ready(result)
    }

    /// From here on this is what comes of dropping it.
    pub(super) fn when_left(&mut self, left: WhenLeft) {
        self.ticket.when_left(left);
    }

    pub(super) fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// Ends when the pool's `shutdown_timeout` has passed from now on.
    pub(super) fn shutdown_timeout(&self) -> impl Future<Output = ()> + use<R> {
        self.ticket.shutdown_timeout()
    }

    /// Cancels the work, if it has not ended.
    pub(super) fn cancel(self) {
        self.ticket.cancel();
    }
}
