use std::fmt;
use std::future::poll_fn;

use flame_proto::frame::Announce;
use flame_task::Task;

use super::handle::{Pool, Started};
use super::pending::Pending;
use super::place::{Begun, PlaceOptions, place};
use crate::error::CallError;

/// A task that lives on a runner and takes a slot there until it ends.
///
/// Made by [`Pool::place_task`]. **Dropping it cancels the task**, unless it was placed
/// [`detached`](PlaceOptions::detached). It is never begun again.
#[must_use = "dropping it cancels the task"]
pub struct PlacedTask<R> {
    task: &'static str,
    end: End<R>,
}

enum End<R> {
    ToCome(Pending<R>),
    Here(R),
}

impl Pool {
    /// Places `task` on one of the pool's runners, for as long as it lives: a loop, a watcher, the far end of a
    /// channel. Returns when its first line is about to run.
    ///
    /// It takes a slot until it ends, and has no deadline from then on. When its runner is to end, because the pool
    /// shuts down for instance, [`Ctx::draining`](flame_task::Ctx::draining) tells the task, which is cancelled if it still
    /// runs `shutdown_timeout` later.
    ///
    /// ```no_run
    /// # mod flame {
    /// #     pub use flame_runtime::{CallError, Pool};
    /// #     pub use flame_task::{Ctx, task};
    /// # }
    /// # use flame::Ctx;
    /// # async fn look() {}
    /// # async fn run(pool: flame::Pool) -> Result<(), flame::CallError> {
    /// let watcher = pool.place_task(flame::task!(|cx: Ctx| async move {
    ///     let mut looks = 0_u64;
    ///     loop {
    ///         tokio::select! {
    ///             () = look() => looks += 1,
    ///             () = cx.draining() => return looks,
    ///         }
    ///     }
    /// })).await?;
    /// println!("{} looks", watcher.closed().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for a [`Call`](super::Call): the task did not begin, or not within the deadline.
    pub async fn place_task<R: Send + 'static>(
        &self,
        task: Task<R>,
    ) -> Result<PlacedTask<R>, CallError> {
        self.place_task_with(task, PlaceOptions::new()).await
    }

    /// As [`place_task`](Self::place_task), on these terms.
    ///
    /// # Errors
    ///
    /// As for [`place_task`](Self::place_task).
    pub async fn place_task_with<R: Send + 'static>(
        &self,
        task: Task<R>,
        options: PlaceOptions,
    ) -> Result<PlacedTask<R>, CallError> {
        PlacedTask::place(self.owner().clone(), task, options).await
    }
}

impl<R> PlacedTask<R> {
    async fn place(pool: Started, task: Task<R>, options: PlaceOptions) -> Result<Self, CallError> {
        let name = task.name();
        let end = match place(pool, task, options, Announce::AtStart).await? {
            Begun::Lives(pending) => End::ToCome(pending),
            Begun::Ended(result) => End::Here(result),
        };
        Ok(Self { task: name, end })
    }

    /// Waits for its end, and gives its result. Dropping the future is dropping the handle.
    ///
    /// # Errors
    ///
    /// It panicked, was cancelled, or was lost with its runner: as for a [`Call`](super::Call).
    pub async fn closed(self) -> Result<R, CallError> {
        match self.end {
            End::ToCome(mut pending) => poll_fn(|cx| pending.poll_result(cx)).await,
            End::Here(result) => Ok(result),
        }
    }

    /// Cancels the task, also a detached one: an async body is dropped where it waits, a blocking one sees
    /// [`Ctx::is_cancelled`](flame_task::Ctx::is_cancelled).
    pub fn abort(self) {
        if let End::ToCome(pending) = self.end {
            pending.cancel();
        }
    }

    /// Whether it has come to its end, so that [`closed`](Self::closed) returns at once.
    pub fn is_finished(&self) -> bool {
        match &self.end {
            End::ToCome(pending) => pending.ticket().is_answered(),
            End::Here(_) => true,
        }
    }
}

impl<R> fmt::Debug for PlacedTask<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PlacedTask").field(&self.task).finish()
    }
}
