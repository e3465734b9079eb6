use crate::codec;
use crate::ctx::Ctx;
use crate::output::{OutputCodec, Probe};
use crate::panics;
use crate::provided::Inject;
use crate::registry::{Body, BoxFuture, Entry, Fault, Kind, Site};
use crate::task::draft::{self, Asynchronous, Draft, Undecided};
use crate::task::{Describe, Task, Unstarted};
use crate::wire::{self, Payload, Wire};

/// Writes down a task with an async body.
#[doc(hidden)]
pub fn draft_async<S, A, X, F, T>(
    _site: S,
    arguments: A,
    function: F,
) -> Draft<Asynchronous, S, A, X, F, Undecided>
where
    F: Fn(A, X) -> T,
    T: Future + Send,
{
    Draft::new(arguments, function)
}

/// The line in the table of a function with an async body.
#[doc(hidden)]
pub fn describe_async<S, A, X, F, T, C>(_site: S, function: F, _codec: C) -> Entry
where
    F: Fn(A, X) -> T,
    Draft<Asynchronous, S, A, X, F, C>: Describe<Function = F>,
{
    Draft::<Asynchronous, S, A, X, F, C>::entry(function)
}

impl<S, A, X, F, T> Draft<Asynchronous, S, A, X, F, Undecided>
where
    F: Fn(A, X) -> T,
    T: Future,
{
    /// Finds out how its output travels.
    pub fn output(&self) -> Probe<T::Output> {
        Probe::NEW
    }
}

#[diagnostic::do_not_recommend]
impl<S, A, X, F, T, C> Describe for Draft<Asynchronous, S, A, X, F, C>
where
    S: Site,
    A: Wire,
    X: Inject,
    F: Fn(A, X) -> T + Copy + Send + Sync + 'static,
    T: Future<Output: Send + 'static> + Send + 'static,
    C: OutputCodec<T::Output>,
{
    type Function = F;
    type Output = T::Output;

    fn entry(function: F) -> Entry {
        let start = move |payload: Payload, ctx: Ctx| {
            let (arguments, injected) = draft::unpack::<A, X>(payload, &ctx)?;
            let run = panics::caught(ctx.scope(async move {
                let output = function(arguments, injected).await;
                draft::encode::<_, C>(&output)
            }));
            Ok(Body::Async(Box::pin(async move {
                run.await
                    .unwrap_or_else(|panic| Err(Fault::Panicked(panic)))
            })))
        };
        draft::entry::<Self, S, A, X, T::Output>(Kind::Async, Box::new(start))
    }

    fn into_task(self, entry: Option<&'static Entry>) -> Task<T::Output> {
        Task::new((S::NAME, S::AT), entry, C::decode, Box::new(self))
    }
}

impl<S, A, X, F, T, C> Unstarted<T::Output> for Draft<Asynchronous, S, A, X, F, C>
where
    S: Site,
    A: Wire,
    X: Inject,
    F: Fn(A, X) -> T + Send + 'static,
    T: Future + Send + 'static,
    C: 'static,
{
    fn encode(&self) -> Result<Payload, codec::Error> {
        wire::encode(&self.arguments)
    }

    fn start_here(self: Box<Self>, ctx: Ctx) -> BoxFuture<'static, T::Output> {
        let injected = draft::inject_here::<X>(&ctx);
        let run = (self.function)(self.arguments, injected);
        Box::pin(ctx.scope(run))
    }
}
