//! The task itself.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::codec;
use crate::ctx::Ctx;
use crate::provided::OwnValues;
use crate::registry::{BoxFuture, Entry};
use crate::resident::scene::{self, Scene};
use crate::wire::{DecodeError, Payload};

mod async_draft;
mod blocking_draft;
mod describe;
mod draft;
mod encode_error;
mod named;
mod outbound;
mod runs_tasks;

pub use async_draft::{describe_async, draft_async};
pub use blocking_draft::{describe_blocking, draft_blocking};
pub use describe::Describe;
pub use draft::{Asynchronous, Blocking, Draft, Undecided};
pub use encode_error::EncodeError;
pub use named::named;
pub use outbound::{Alias, NamedTask, Outbound};
pub use runs_tasks::RunsTasks;

/// Turns what came back into the task's output.
pub type Decode<R> = fn(Payload) -> Result<R, DecodeError>;

/// A future that has not started yet and can still be moved to another process.
///
/// Awaited, it runs here, like any future. Given to a pool, with [`on`](Self::on) or the pool's own
/// methods, it runs there. Tasks with the same output have the same type, whatever they are made of.
///
/// ```
/// use flame_task::{Task, task};
///
/// # async fn run() {
/// let name = String::from("ann");
/// let greet: Task<String> = task!(|name| async move { format!("hello {name}") });
/// assert_eq!(greet.await, "hello ann");
/// # }
/// ```
#[must_use = "a task does nothing until it is awaited (runs here) or given to a pool (runs there)"]
pub struct Task<R> {
    name: &'static str,
    at: &'static str,
    entry: Option<&'static Entry>,
    decode: Decode<R>,
    alias: Option<Alias>,
    own_values: OwnValues,
    state: State<R>,
}

enum State<R> {
    Fresh(Box<dyn Unstarted<R>>),
    Running(BoxFuture<'static, R>),
    Ended,
}

/// What a task is before it runs anywhere: a function with its arguments.
pub(crate) trait Unstarted<R>: Send {
    /// Encodes the arguments.
    fn encode(&self) -> Result<Payload, codec::Error>;

    /// Starts it in this process.
    fn start_here(self: Box<Self>, ctx: Ctx) -> BoxFuture<'static, R>;
}

impl<R> Task<R> {
    pub(crate) fn new(
        (name, at): (&'static str, &'static str),
        entry: Option<&'static Entry>,
        decode: Decode<R>,
        unstarted: Box<dyn Unstarted<R>>,
    ) -> Self {
        Self {
            name,
            at,
            entry,
            decode,
            alias: None,
            own_values: OwnValues::default(),
            state: State::Fresh(unstarted),
        }
    }

    /// The path of the function, or the module of the closure.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Where the function or closure is written: `file:line:column`.
    pub fn at(&self) -> &'static str {
        self.at
    }

    /// Runs it on a runner of this pool: the same as the pool's `call`.
    #[doc(alias = "spawn")]
    pub fn on<P: RunsTasks>(self, pool: &P) -> P::Call<R>
    where
        R: Send + 'static,
    {
        pool.call(self)
    }

    /// Gives this one task its own value for `Provided<T>`, for a test with a fake.
    ///
    /// The value stays in this process. A task that has one can only be awaited: given to a pool, it
    /// fails with [`EncodeError::OwnProvided`].
    pub fn with<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.own_values.put(value);
        self
    }

    /// Gives it another name in this process.
    #[doc(hidden)]
    pub fn called(mut self, alias: Alias) -> Self {
        self.alias = Some(alias);
        self.name = alias();
        self
    }

    /// Encodes it for a runner, together with the way to decode its output.
    ///
    /// # Errors
    ///
    /// Why it cannot leave this process. No line of it ran, unless it was polled before.
    #[doc(hidden)]
    pub fn into_parts(self) -> Result<(Outbound, Decode<R>), EncodeError> {
        let Self { name, at, .. } = self;
        if let Some(type_name) = self.own_values.any_type_name() {
            return Err(EncodeError::OwnProvided { name, type_name });
        }
        let State::Fresh(unstarted) = self.state else {
            return Err(EncodeError::Started { name });
        };
        let Some(entry) = self.entry else {
            return Err(EncodeError::NotRegistered { name, at });
        };
        let scene = Some(Scene::Carrying(Vec::new()));
        let (payload, scene) = scene::play(scene, || unstarted.encode());
        let payload = payload.map_err(|error| EncodeError::Arguments {
            name,
            message: error.to_string(),
        })?;
        let carried = match scene {
            Some(Scene::Carrying(carried)) => carried,
            Some(Scene::Finding(_) | Scene::Leaving(_) | Scene::Arriving(_)) | None => Vec::new(),
        };
        let outbound = Outbound {
            task: entry,
            alias: self.alias,
            payload,
            carried: carried.into_iter().collect(),
        };
        Ok((outbound, self.decode))
    }
}

impl<R> Future for Task<R> {
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let this = &mut *self;
        if let State::Fresh(_) = this.state
            && let State::Fresh(unstarted) = std::mem::replace(&mut this.state, State::Ended)
        {
            let ctx = Ctx::here_with(this.name, std::mem::take(&mut this.own_values));
            this.state = State::Running(unstarted.start_here(ctx));
        }
        let State::Running(future) = &mut this.state else {
            panic!("a task was polled after it had ended");
        };
        let output = std::task::ready!(future.as_mut().poll(cx));
        this.state = State::Ended;
        Poll::Ready(output)
    }
}

// Nothing of it is pinned: what runs is in a box.
impl<R> Unpin for Task<R> {}

impl<R> fmt::Debug for Task<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("name", &self.name)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
