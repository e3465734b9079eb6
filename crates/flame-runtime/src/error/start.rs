use std::net::SocketAddr;
use std::sync::Arc;

use flame_core::InvalidPoolName;
use flame_core::pool::InvalidLimits;
use thiserror::Error;

use super::BootFailure;

/// Why a pool could not be started.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The name has another form than pool names have.
    #[error(transparent)]
    Name(#[from] InvalidPoolName),
    /// No limit was given for the number of runners.
    #[error(
        "pool {pool} has no `max`: say how many runners it may have, with .max(n) or in flame.toml"
    )]
    NoMax {
        /// The pool.
        pool: String,
    },
    /// The limits contradict each other.
    #[error(transparent)]
    Limits(#[from] InvalidLimits),
    /// `flame.toml` or a `FLAME_*` variable holds something else than it should.
    #[error("configuration: {0}")]
    Config(Arc<figment::Error>),
    /// There is no backend of this name in this build.
    #[error("there is no backend {name:?} in this build; there are: {known}")]
    UnknownBackend {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// This build has no backend, and the builder was given none.
    #[error("no backend: give the builder one, or turn on the feature `local`")]
    NoBackend,
    /// A secret cannot be given to the pool's runners.
    #[error("pool {pool} cannot give its runners the secret {name:?}: {problem}")]
    Secret {
        /// The pool.
        pool: String,
        /// The secret's name.
        name: String,
        /// Why not.
        problem: &'static str,
    },
    /// The backend cannot be used as things are.
    #[error("{0}")]
    Backend(Arc<dyn std::error::Error + Send + Sync>),
    /// The backend starts runners on other hosts and does not say where they find this process.
    #[error(
        "backend {backend:?} starts runners on other hosts and does not say where they find this process"
    )]
    NoParentAddress {
        /// The backend.
        backend: String,
    },
    /// This process would listen on every address of its host, none of which its runners are told of.
    #[error(
        "this process would listen on {listen}, which nobody can dial: say which address its runners dial"
    )]
    NotAdvertised {
        /// Where it would listen.
        listen: SocketAddr,
    },
    /// The parent cannot listen for its runners.
    #[error("cannot listen for runners: {0}")]
    Listen(Arc<std::io::Error>),
    /// The thread that calls the pool's hooks could not be started.
    #[error("cannot start a thread for the hooks: {0}")]
    Hooks(Arc<std::io::Error>),
    /// This process is a runner that was started by a runner, and so on, as deep as may be.
    #[error("runners may start runners {limit} levels deep, and this is one more")]
    TooDeep {
        /// The deepest level allowed.
        limit: u32,
    },
    /// This process is a copy of the app that did not turn into a runner.
    #[error(
        "this process is a runner of pool {pool}, but its main went on without runner.serve(): call \
         flame::runner() first thing in main, and serve when it is Some"
    )]
    NotServing {
        /// The pool that started this process.
        pool: String,
    },
    /// None of the first `min` runners could be started.
    #[error("no runner could be started: {0}")]
    Boot(BootFailure),
}
