mod life;
mod mailbox;
mod placed;
mod reply;

use std::fmt;
use std::future::Future;

use flame_task::{Ctx, Wire};

pub use mailbox::Mailbox;
pub use placed::Placed;
pub use reply::{AskError, Reply};

/// Something that lives on a runner, has a state of its own, and is spoken to by messages.
///
/// [`Pool::place_child`](super::Pool::place_child) starts it on a runner, where it takes a slot for its life, and gives
/// back its handle, [`Placed`]. It gets its messages one after the other. It ends when the handle says
/// [`stop`](Placed::stop) or is dropped, when it [`is_done`](Self::is_done), when a message fails, or with its runner; it is
/// never started a second time.
///
/// ```no_run
/// # mod flame {
/// #     pub use flame_runtime::{Actor, Pool, Reply};
/// #     pub use flame_task::Ctx;
/// # }
/// use std::collections::BTreeMap;
///
/// use flame::{Actor, Ctx, Reply};
/// use serde::{Deserialize, Serialize};
///
/// /// Counts words, as long as it lives.
/// struct Words(BTreeMap<String, u64>);
///
/// #[derive(Serialize, Deserialize)]
/// enum Msg {
///     Read(String),
///     Count { word: String, reply: Reply<u64> },
/// }
///
/// impl Actor for Words {
///     type Args = ();
///     type Msg = Msg;
///     type Exit = usize;
///     type Error = String;
///
///     async fn start((): (), _: &Ctx) -> Result<Self, String> {
///         Ok(Self(BTreeMap::new()))
///     }
///
///     async fn handle(&mut self, msg: Msg, _: &Ctx) -> Result<(), String> {
///         match msg {
///             Msg::Read(text) => {
///                 for word in text.split_whitespace() {
///                     *self.0.entry(word.to_owned()).or_default() += 1;
///                 }
///             }
///             Msg::Count { word, reply } => reply.send(self.0.get(&word).copied().unwrap_or(0)),
///         }
///         Ok(())
///     }
///
///     async fn stop(self, _: &Ctx) -> usize {
///         self.0.len()
///     }
/// }
///
/// # async fn run(pool: flame::Pool) -> Result<(), Box<dyn std::error::Error>> {
/// let words = pool.place_child::<Words>(()).await?;
/// words.send(Msg::Read("to be or not to be".to_owned())).await?;
/// let count = words.ask(|reply| Msg::Count { word: "be".to_owned(), reply }).await?;
/// assert_eq!(count, 2);
/// assert_eq!(words.stop().await?, 4);
/// # Ok(())
/// # }
/// ```
pub trait Actor: Sized + Send + 'static {
    /// What it starts from.
    type Args: Wire;
    /// What it is told.
    type Msg: Wire;
    /// What it leaves when it ends.
    type Exit: Wire;
    /// Why it cannot start or go on. Its words travel (as `{error:#}` writes them), not itself.
    type Error: fmt::Display + Send;

    /// Begins its life, on the runner. Nothing is placed until this has returned.
    fn start(args: Self::Args, cx: &Ctx) -> impl Future<Output = Result<Self, Self::Error>> + Send;

    /// Takes a message. An error ends it, without [`stop`](Self::stop).
    fn handle(
        &mut self,
        msg: Self::Msg,
        cx: &Ctx,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Ends its life in order: when it was asked to, when it is done, or when its runner is to end, and then within
    /// the pool's `shutdown_timeout`. Messages that are still on their way are dropped.
    fn stop(self, cx: &Ctx) -> impl Future<Output = Self::Exit> + Send;

    /// Whether it wants to end by itself. Asked after the start and after each message.
    fn is_done(&self) -> bool {
        false
    }
}
