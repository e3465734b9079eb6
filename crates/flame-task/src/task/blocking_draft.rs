use tokio::runtime::Handle;

use crate::codec;
use crate::ctx::Ctx;
use crate::output::{OutputCodec, Probe};
use crate::panics;
use crate::provided::Inject;
use crate::registry::{Body, BoxFuture, Entry, Fault, Kind, Site};
use crate::task::draft::{self, Blocking, Draft, Undecided};
use crate::task::{Describe, Task, Unstarted};
use crate::wire::{self, Payload, Wire};

/// Writes down a task that may block.
#[doc(hidden)]
pub fn draft_blocking<S, A, X, F, R>(
    _site: S,
    arguments: A,
    function: F,
) -> Draft<Blocking, S, A, X, F, Undecided>
where
    F: Fn(A, X) -> R,
{
    Draft::new(arguments, function)
}

/// The line in the table of a function that may block.
#[doc(hidden)]
pub fn describe_blocking<S, A, X, F, R, C>(_site: S, function: F, _codec: C) -> Entry
where
    F: Fn(A, X) -> R,
    Draft<Blocking, S, A, X, F, C>: Describe<Function = F>,
{
    Draft::<Blocking, S, A, X, F, C>::entry(function)
}

impl<S, A, X, F, R> Draft<Blocking, S, A, X, F, Undecided>
where
    F: Fn(A, X) -> R,
{
    /// Finds out how its output travels.
    pub fn output(&self) -> Probe<R> {
        Probe::NEW
    }
}

#[diagnostic::do_not_recommend]
impl<S, A, X, F, R, C> Describe for Draft<Blocking, S, A, X, F, C>
where
    S: Site,
    A: Wire,
    X: Inject,
    F: Fn(A, X) -> R + Copy + Send + Sync + 'static,
    R: Send + 'static,
    C: OutputCodec<R>,
{
    type Function = F;
    type Output = R;

    fn entry(function: F) -> Entry {
        let start = move |payload: Payload, ctx: Ctx| {
            let (arguments, injected) = draft::unpack::<A, X>(payload, &ctx)?;
            let run = move || {
                ctx.scope_blocking(|| draft::encode::<_, C>(&function(arguments, injected)))
            };
            Ok(Body::Blocking(Box::new(move || {
                panics::catch(run).unwrap_or_else(|panic| Err(Fault::Panicked(panic)))
            })))
        };
        draft::entry::<Self, S, A, X, R>(Kind::Blocking, Box::new(start))
    }

    fn into_task(self, entry: Option<&'static Entry>) -> Task<R> {
        Task::new((S::NAME, S::AT), entry, C::decode, Box::new(self))
    }
}

impl<S, A, X, F, R, C> Unstarted<R> for Draft<Blocking, S, A, X, F, C>
where
    S: Site,
    A: Wire,
    X: Inject,
    F: Fn(A, X) -> R + Send + 'static,
    R: Send + 'static,
    C: 'static,
{
    fn encode(&self) -> Result<Payload, codec::Error> {
        wire::encode(&self.arguments)
    }

    fn start_here(self: Box<Self>, ctx: Ctx) -> BoxFuture<'static, R> {
        Box::pin(async move {
            let injected = draft::inject_here::<X>(&ctx);
            // Dropped with this future: it tells blocking code that nobody waits for it.
            let _cancel = ctx.cancellation().clone().drop_guard();
            let watched = panics::is_watched();
            let run = move || (self.function)(self.arguments, injected);
            let run = move || panics::carry(watched, || ctx.scope_blocking(run));
            let outcome = match Handle::try_current() {
                Ok(tokio) => tokio.spawn_blocking(run).await,
                // Another executor: there is no thread to move to.
                Err(_) => Ok(run()),
            };
            match outcome {
                Ok(Ok(output)) => output,
                Ok(Err(panic)) => panic.resume(),
                Err(_) => panic!("the runtime shut down before a blocking task could start"),
            }
        })
    }
}
