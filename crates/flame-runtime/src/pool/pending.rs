use std::task::{Context, Poll, ready};

use flame_task::{Decode, Outbound, Payload, Task, with_arrived};

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
        let Work { outbound, decode } = work?;
        let owner = pool.map_err(CallError::PoolNotStarted)?;
        runner::check_nesting().map_err(CallError::PoolNotStarted)?;
        let ticket = Ticket::submit(owner, outbound, terms)?;
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

    /// Whether placed work lives: once it does, or once it is certain that it does not.
    pub(super) async fn lives(&mut self) -> bool {
        self.ticket.lives().await
    }

    /// From here on this is what comes of dropping it.
    pub(super) fn when_left(&mut self, left: WhenLeft) {
        self.ticket.when_left(left);
    }

    pub(super) fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// Cancels the work, if it has not ended.
    pub(super) fn cancel(self) {
        self.ticket.cancel();
    }
}
