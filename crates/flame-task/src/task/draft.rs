use std::any::{TypeId, type_name};
use std::fmt;
use std::marker::PhantomData;

use crate::ctx::Ctx;
use crate::output::OutputCodec;
use crate::panics;
use crate::provided::Inject;
use crate::registry::{Entry, Fault, Kind, Site, StartError, exact, fingerprint};
use crate::resident::scene::{self, Scene};
use crate::task::NamedTask;
use crate::wire::{self, Payload, Wire};

use crate::registry::Start;

/// A task while its call site writes it down: `K` says how it runs, `S` where it is written, `A` what it
/// takes along, `X` what the runner fills in, `F` what it runs, and `C` how its output travels.
#[doc(hidden)]
pub struct Draft<K, S, A, X, F, C> {
    pub(super) arguments: A,
    /// What it runs.
    pub function: F,
    pub(super) marker: PhantomData<fn(K, S, X, C)>,
}

/// It runs on an async runtime.
#[doc(hidden)]
#[derive(Debug)]
pub struct Asynchronous;

/// It runs on a thread that may block.
#[doc(hidden)]
#[derive(Debug)]
pub struct Blocking;

/// How its output travels is not decided yet.
#[doc(hidden)]
#[derive(Debug)]
pub struct Undecided;

impl<K, S, A, X, F> Draft<K, S, A, X, F, Undecided> {
    pub(super) fn new(arguments: A, function: F) -> Self {
        Self {
            arguments,
            function,
            marker: PhantomData,
        }
    }

    /// Decides how its output travels.
    pub fn returning<C>(self, _codec: C) -> Draft<K, S, A, X, F, C> {
        Draft {
            arguments: self.arguments,
            function: self.function,
            marker: PhantomData,
        }
    }
}

impl<K, S: Site, A, X, F, C> fmt::Debug for Draft<K, S, A, X, F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} at {})", S::NAME, S::AT)
    }
}

/// The line in the table of a task of type `D`.
pub(super) fn entry<D, S, A, X, R>(kind: Kind, start: Start) -> Entry
where
    D: 'static,
    S: Site,
    A: Wire,
    X: Inject,
{
    let type_id = TypeId::of::<D>();
    let signature = format!("{} -> {}", type_name::<A>(), type_name::<R>());
    let mut needs = Vec::new();
    X::needs(&mut needs);
    Entry {
        exact: exact(type_id),
        type_id,
        named: S::NAMED.then(|| NamedTask {
            path: S::NAME,
            fingerprint: fingerprint(&signature),
        }),
        name: S::NAME,
        at: S::AT,
        signature,
        kind,
        needs,
        start,
    }
}

/// Reads the arguments and fills in the rest.
///
/// A panic in a type's own `Deserialize` or `Clone` is a reason not to start, like any other.
pub(super) fn unpack<A: Wire, X: Inject>(
    payload: Payload,
    ctx: &Ctx,
) -> Result<(A, X), StartError> {
    let unpacked = panics::catch(|| {
        let injected = X::inject(ctx).map_err(|need| StartError::NotProvided(need.type_name))?;
        ctx.find_progress(&payload);
        let scene = ctx.leavings().cloned().map(Scene::Finding);
        let (arguments, _) = scene::play(scene, || wire::decode::<A>(payload));
        let arguments = arguments.map_err(|error| StartError::DecodeArgs(error.to_string()))?;
        Ok((arguments, injected))
    });
    unpacked.unwrap_or_else(|panic| Err(StartError::DecodeArgs(format!("panicked: {panic}"))))
}

/// Fills in what a task that runs here wants to be provided.
pub(super) fn inject_here<X: Inject>(ctx: &Ctx) -> X {
    X::inject(ctx).unwrap_or_else(|need| {
        panic!(
            "`{}` asks for `Provided<{}>`: call `flame::provide(..)` before it runs here",
            ctx.task(),
            need.type_name
        )
    })
}

/// Encodes an output in the way that the draft decided on. What cannot be returned leaves nothing behind.
pub(super) fn encode<R, C: OutputCodec<R>>(output: &R) -> Result<Payload, Fault> {
    let ctx = Ctx::current();
    let leavings = ctx.as_ref().and_then(Ctx::leavings);
    let (encoded, _) = scene::play(leavings.cloned().map(Scene::Leaving), || C::encode(output));
    encoded.map_err(|error| {
        if let Some(leavings) = leavings {
            leavings.withdraw();
        }
        Fault::EncodeResult(error.to_string())
    })
}
