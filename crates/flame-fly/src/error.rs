//! What goes wrong with Fly.

mod boot;
mod said;

use std::time::Duration;

use thiserror::Error;

use crate::config::EnvError;

pub use said::Said;

/// What went wrong between this process and Fly. Each text tells what Fly said, and what to do.
///
/// It never holds a header, the token, or the value of a variable.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum FlyError {
    /// No request was sent: no connection could be made.
    #[error("cannot reach {host}: {cause}")]
    Unreachable {
        /// The address of the API.
        host: String,
        /// What went wrong.
        cause: String,
    },
    /// A request was sent, and there was no whole answer.
    #[error("the connection to {host} was lost before its answer was whole: {cause}")]
    Lost {
        /// The address of the API.
        host: String,
        /// What went wrong.
        cause: String,
    },
    /// A request was not answered in time.
    #[error("{host} gave no answer within {after:?}")]
    TimedOut {
        /// The address of the API.
        host: String,
        /// How long was waited.
        after: Duration,
    },
    /// The answer is longer than any that Fly gives.
    #[error("the answer of {host} is longer than {limit} bytes, so it is not Fly's")]
    TooLong {
        /// The address of the API.
        host: String,
        /// The most that is read.
        limit: usize,
    },
    /// The answer was understood as one, but not what it says.
    #[error("Fly's answer lacks {lacks}: {said}")]
    Malformed {
        /// What is missing or not as it should be.
        lacks: &'static str,
        /// The answer.
        said: Said,
    },
    /// The token is not good, or not for this app.
    #[error(
        "Fly refuses the token: {said}; make one with `fly tokens create deploy -a {app}` and set FLY_API_TOKEN"
    )]
    Credentials {
        /// The app that machines are created in.
        app: String,
        /// The answer.
        said: Said,
    },
    /// The request can never succeed as it is.
    #[error("Fly rejects the request: {said}; the settings are in section [fly] of flame.toml")]
    Rejected {
        /// The answer.
        said: Said,
    },
    /// There is no such app or machine.
    #[error("there is nothing of that name on Fly: {said}")]
    NotFound {
        /// The answer.
        said: Said,
    },
    /// There is no room.
    #[error("no room in {region}: {said}; name more regions, as in `region = \"iad,us,any\"`")]
    NoCapacity {
        /// Where there is none.
        region: String,
        /// The answer.
        said: Said,
    },
    /// The name of the new machine is another's.
    #[error(
        "the name {name} is taken on Fly by a machine that is not ours; that one is left alone"
    )]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The name is held by some machine, of which it is not known yet whose it is.
    #[error("the name is taken on Fly: {said}")]
    NameHeld {
        /// The machine's id, if Fly says it.
        holder: Option<String>,
        /// The answer.
        said: Said,
    },
    /// Somebody else is at the machine, or it has not settled.
    #[error("Fly is busy with it: {said}")]
    Busy {
        /// The answer.
        said: Said,
    },
    /// Fly wants fewer requests.
    #[error("Fly wants fewer requests: {said}")]
    RateLimited {
        /// When it takes the next one, if it says so.
        retry_after: Option<Duration>,
        /// The answer.
        said: Said,
    },
    /// This process has more requests to send than Fly takes, so this one was not sent.
    #[error(
        "Fly takes one request a second to create machines of an app, and this one would \
         have waited for {wait:.1?}; let `boot_timeout` be longer than the number of runners that boot together"
    )]
    TooManyAtOnce {
        /// How long this one would have had to wait.
        wait: Duration,
    },
    /// Fly took too long for it or has a fault of its own. It may have been done.
    #[error("Fly could not answer: {said}")]
    Server {
        /// The answer.
        said: Said,
    },
    /// The address leads elsewhere, where the token does not go.
    #[error(
        "the address of the API leads elsewhere: {said}; set `host` in section [fly] of flame.toml"
    )]
    Redirected {
        /// The answer.
        said: Said,
    },
    /// Whether a machine was created is not known, and none can be found.
    #[error(
        "whether {name} exists is not known: {last}; it was not found by its nonce {nonce}, and will be destroyed if \
         it appears"
    )]
    OutcomeUnknown {
        /// The name.
        name: String,
        /// The nonce in its metadata.
        nonce: String,
        /// What was last heard.
        last: Box<Self>,
    },
    /// A machine was told to go, and is still there.
    #[error("{id} is still {state} after it was destroyed")]
    StillThere {
        /// The machine.
        id: String,
        /// What it is doing.
        state: String,
    },
    /// A variable that runners cannot have.
    #[error(transparent)]
    Variable(#[from] EnvError),
    /// A label that cannot be metadata.
    #[error(
        "the label {key:?} cannot be metadata of a machine: its key or its value is too long, or of other characters"
    )]
    Label {
        /// Its key.
        key: String,
    },
    /// The boot was given up while it was tried.
    #[error("the boot was given up")]
    GivenUp,
}
